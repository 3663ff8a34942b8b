package io.mlpipeline.config;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SourceLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a gate from a file of its own: HOCON with lists by severity, as a gate in a pipeline (with
 * or without {@code gate { }} around it), or lines of DQDL, one rule a line, each of which blocks.
 */
public final class GateFile {

  private GateFile() {}

  /**
   * A gate as read, or all that is wrong with it.
   *
   * @param spec the gate; null if there are problems
   * @param problems everything that is wrong, by line
   */
  public record LoadedGate(@Nullable GateSpec spec, List<Problem> problems) {

    public LoadedGate {
      problems = List.copyOf(problems);
    }
  }

  /** Reads the file; never throws for what a user wrote. Whether rules are DQDL is not asked. */
  public static LoadedGate load(Path file, Path workingDirectory) {
    Problems problems = new Problems();
    TextFiles texts = new TextFiles(workingDirectory, problems);
    Path absolute = texts.absolute(file);
    SourceLocation top = new SourceLocation(texts.show(absolute), 0);
    String text = texts.read(absolute, top);
    GateSpec spec = null;
    if (text != null) {
      Node root = isHocon(text) ? hocon(absolute, texts, top, problems) : lines(text, top);
      spec = root == null ? null : new GateReader(problems).read(root);
      if (spec != null && spec.isOpen() && problems.isEmpty()) {
        problems.add(top, "there is no rule in it", "one a line, for example RowCount > 100");
      }
    }
    return new LoadedGate(problems.isEmpty() ? spec : null, problems.sorted());
  }

  /** A rule begins with a capital letter or a parenthesis, and a key of a gate never does. */
  private static boolean isHocon(String text) {
    for (String line : text.split("\n", -1)) {
      String bare = line.strip();
      if (!bare.isEmpty() && !bare.startsWith("#") && !bare.startsWith("//")) {
        char first = bare.charAt(0);
        return first == '{' || first == '"' || (first >= 'a' && first <= 'z');
      }
    }
    return false;
  }

  private static @Nullable Node hocon(
      Path file, TextFiles texts, SourceLocation top, Problems problems) {
    Path folder = file.getParent();
    HoconFiles files = new HoconFiles(texts, folder == null ? file : folder, problems);
    Node root =
        BoundedThread.call(
            () -> {
              HoconFiles.Parsed parsed = files.parse(file, top);
              return parsed == null
                  ? null
                  : new Document(files, top, problems).add(parsed).resolve();
            },
            sentence -> problems.add(top, sentence));
    if (root == null) {
      return null;
    }
    Node within = root.members().get("gate");
    return within != null && root.members().size() == 1 ? within : root;
  }

  private static Node lines(String text, SourceLocation top) {
    List<Node> rules = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String rule = GateReader.normalize(line + "\n");
      if (!rule.isEmpty()) {
        SourceLocation at = new SourceLocation(top.file(), number);
        rules.add(new Node(Node.Kind.TEXT, "line " + number, at, rule, Map.of(), List.of()));
      }
    }
    Node block = new Node(Node.Kind.LIST, "block", top, "", Map.of(), rules);
    Map<String, Node> members = new LinkedHashMap<>();
    members.put("block", block);
    return new Node(Node.Kind.OBJECT, "", top, "", members, List.of());
  }
}
