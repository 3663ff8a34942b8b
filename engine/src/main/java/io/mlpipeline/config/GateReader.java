package io.mlpipeline.config;

import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads gates: lists of DQDL rules by severity. Whether a rule is DQDL is found out elsewhere. */
final class GateReader {

  private static final int HEX = 10;

  private final Problems problems;
  private final Values values;

  GateReader(Problems problems) {
    this.problems = problems;
    this.values = new Values(problems);
  }

  GateSpec read(@Nullable Node node) {
    Fields fields = node == null ? null : Fields.of(node, problems);
    if (fields == null) {
      return GateSpec.OPEN;
    }
    List<GateRule> rules = new ArrayList<>();
    Map<String, GateRule> byId = new HashMap<>();
    for (Severity severity : Severity.values()) {
      String key = severity == Severity.BLOCK ? "block" : "warn";
      for (Node element : elements(fields.find(key))) {
        GateRule rule = rule(element, severity);
        if (rule != null && isNew(rule, byId)) {
          rules.add(rule);
        }
      }
    }
    refuseQuarantine(fields);
    fields.refuseOthers();
    return new GateSpec(rules);
  }

  private void refuseQuarantine(Fields fields) {
    Node quarantine = fields.find("quarantine");
    if (quarantine != null) {
      problems.add(
          quarantine.at(), "'quarantine' is not available in this version", "use block or warn");
    }
  }

  private List<Node> elements(@Nullable Node node) {
    if (node == null || node.kind() == Kind.BROKEN) {
      return List.of();
    }
    return node.kind() == Kind.LIST ? node.elements() : List.of(node);
  }

  private boolean isNew(GateRule rule, Map<String, GateRule> byId) {
    GateRule earlier = byId.putIfAbsent(rule.id(), rule);
    if (earlier != null) {
      boolean sameText = earlier.text().equals(rule.text());
      String what = sameText ? "the rule '" + Keys.clean(rule.text()) : "the name '" + rule.id();
      problems.add(rule.at(), what + "' is already used in " + earlier.at(), "keep one");
    }
    return earlier == null;
  }

  private @Nullable GateRule rule(Node node, Severity severity) {
    if (node.kind() != Kind.OBJECT) {
      String text = text(node);
      return text == null ? null : new GateRule(idOf(text), severity, text, node.at());
    }
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    String name = values.word(fields.find("name"));
    String text = text(fields.require("rule", "{ name: enough-rows, rule: \"RowCount > 100\" }"));
    fields.refuseOthers();
    if (name != null && !isName(name)) {
      problems.add(
          node.at(),
          "'" + Keys.clean(name) + "' is no name for a rule",
          "use a-z, 0-9, - and _, a letter first");
      return null;
    }
    String id = name != null || text == null ? name : idOf(text);
    return text == null || id == null ? null : new GateRule(id, severity, text, node.at());
  }

  private static boolean isName(String name) {
    return Chars.isKebab(name) && name.length() <= 64;
  }

  private @Nullable String text(@Nullable Node node) {
    String written = values.text(node);
    if (node == null || written == null) {
      return null;
    }
    String text = normalize(written);
    SourceLocation at = node.at();
    if (text.isEmpty()) {
      problems.add(at, "the rule is empty", "for example RowCount > 100");
      return null;
    }
    if (text.startsWith("Rules") || text.startsWith("Analyzers")) {
      problems.add(at, "a rule stands alone, without 'Rules = [ ]'", "write one rule a text");
      return null;
    }
    return text;
  }

  /** White space outside quotes becomes one space, comments go: neither changes what is asked. */
  static String normalize(String written) {
    StringBuilder out = new StringBuilder();
    boolean quoted = false;
    boolean space = false;
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (!quoted && c == '#') {
        int end = written.indexOf('\n', i);
        i = end < 0 ? written.length() : end;
        space = true;
      } else if (!quoted && (OutlineScanner.isSpace(c) || c == '\n')) {
        space = true;
      } else {
        if (space && out.length() > 0) {
          out.append(' ');
        }
        space = false;
        out.append(c);
        boolean escape = quoted && c == '\\' && i + 1 < written.length();
        if (escape) {
          i++;
          out.append(written.charAt(i));
        }
        quoted = (c == '"') != quoted;
      }
    }
    return out.toString();
  }

  /** The name of a rule that was given none. */
  static String idOf(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "r" + HexFormat.of().formatHex(hash).substring(0, HEX);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
