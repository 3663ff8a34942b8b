package io.mlpipeline.config;

import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.ContractRules;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
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
    if (node == null || fields == null) {
      return GateSpec.OPEN;
    }
    List<GateRule> rules = new ArrayList<>();
    Map<String, GateRule> byId = new HashMap<>();
    for (Severity severity : Severity.values()) {
      String key = severity.name().toLowerCase(Locale.ROOT);
      for (Node element : elements(fields.find(key))) {
        GateRule rule = rule(element, severity);
        if (rule != null && isNew(rule, byId)) {
          rules.add(rule);
        }
      }
    }
    double maxQuarantine = maxQuarantine(fields.find("max-quarantine"), node, rules);
    List<String> references = values.words(fields.find("references"));
    GateSpec.Scope scope = scope(fields.find("scope"));
    fields.refuseOthers();
    return new GateSpec(rules, maxQuarantine, references == null ? List.of() : references, scope);
  }

  private GateSpec.Scope scope(@Nullable Node node) {
    String word = values.word(node);
    if (node != null && word != null && !word.equals("partitions") && !word.equals("table")) {
      problems.add(
          node.at(),
          "'" + node.path() + "' cannot be '" + Keys.clean(word) + "'",
          "one of partitions, table");
    }
    return "table".equals(word) ? GateSpec.Scope.TABLE : GateSpec.Scope.PARTITIONS;
  }

  /** How many rows may be set apart is a decision that nobody takes for the user. */
  private double maxQuarantine(@Nullable Node node, Node gate, List<GateRule> rules) {
    if (node == null) {
      if (rules.stream().anyMatch(rule -> rule.severity() == Severity.QUARANTINE)) {
        problems.add(
            gate.at(),
            "'" + gate.path() + "' has rules under 'quarantine' and no 'max-quarantine'",
            "say what share of the rows may be set apart, for example max-quarantine: 0.05");
      }
      return 0;
    }
    String written = values.text(node);
    try {
      double share = written == null ? 0 : Double.parseDouble(written);
      if (share >= 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      // Told below, with the value.
    }
    problems.add(
        node.at(),
        "'" + node.path() + "' cannot be '" + Keys.clean(String.valueOf(written)) + "'",
        "a share of the rows from 0 to 1, for example 0.05");
    return 0;
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
    if (name != null && name.startsWith(ContractRules.PREFIX)) {
      problems.add(
          node.at(),
          "'" + name + "': names that start with " + ContractRules.PREFIX + " are the contract's",
          "choose another name");
      return null;
    }
    String id = name != null || text == null ? name : idOf(text);
    if (QuarantineTable.SHARE_RULE.equals(name) || QuarantineTable.ACCOUNT_RULE.equals(name)) {
      problems.add(
          node.at(), "'" + name + "' is a rule of the engine's own", "give it another name");
      return null;
    }
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
