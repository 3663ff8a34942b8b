package io.mlpipeline.config;

import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Suggestions;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of one object: what was asked for is known, everything else is refused. */
final class Fields {

  private final Node node;
  private final Problems problems;
  private final Set<String> known = new LinkedHashSet<>();

  private Fields(Node node, Problems problems) {
    this.node = node;
    this.problems = problems;
  }

  /** The members; null if the node is no object, which is then reported. */
  static @Nullable Fields of(Node node, Problems problems) {
    if (node.kind() == Kind.OBJECT) {
      return new Fields(node, problems);
    }
    if (node.kind() != Kind.BROKEN) {
      problems.add(node.at(), "'" + node.path() + "' must be an object, not " + node.kind().shown);
    }
    return null;
  }

  SourceLocation at() {
    return node.at();
  }

  /** The member; null if it is absent or null. */
  @Nullable Node find(String key) {
    known.add(key);
    Node member = node.members().get(key);
    return member == null || member.kind() == Kind.NULL ? null : member;
  }

  /** The member; null if it is absent, which is then reported. */
  @Nullable Node require(String key, String example) {
    Node member = find(key);
    if (member == null) {
      problems.add(node.at(), holder() + " has no '" + key + "'", "for example " + example);
    }
    return member;
  }

  /** Reports every member that was not asked for. */
  void refuseOthers() {
    for (String key : node.members().keySet()) {
      if (!known.contains(key)) {
        Node member = node.members().get(key);
        problems.add(
            member == null ? node.at() : member.at(),
            "unknown key '" + Keys.clean(key) + "' in " + holder(),
            Suggestions.didYouMean(key, known));
      }
    }
  }

  private String holder() {
    return node.path().isEmpty() ? "the file" : "'" + node.path() + "'";
  }
}
