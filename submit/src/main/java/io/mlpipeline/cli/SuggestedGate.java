package io.mlpipeline.cli;

import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.Severity;
import io.mlpipeline.spark.suggest.GateSuggester.Suggestion;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A proposed gate as text that can be pasted into a pipeline. */
final class SuggestedGate {

  private static final int COMMENT_AT = 70;

  private final List<String> from;
  private final List<Suggestion> suggestions;

  SuggestedGate(List<String> from, List<Suggestion> suggestions) {
    this.from = from;
    this.suggestions = suggestions;
  }

  String hocon() {
    StringBuilder out = new StringBuilder("# Proposed by `mlpipeline gates suggest`, from\n");
    from.forEach(name -> out.append("#   ").append(Messages.clean(name)).append('\n'));
    out.append("# It is a draft. Behind a rule: what share of rows breaks it, or what was seen.\n");
    out.append("gate {\n");
    for (Severity severity : Severity.values()) {
      List<Suggestion> of = of(severity);
      if (!of.isEmpty()) {
        if (severity == Severity.QUARANTINE) {
          out.append("  max-quarantine: ").append(maxQuarantine()).append('\n');
        }
        out.append("  ").append(severity.name().toLowerCase(Locale.ROOT)).append(": [\n");
        of.forEach(one -> out.append(line(one)));
        out.append("  ]\n");
      }
    }
    return out.append("}\n").toString();
  }

  private List<Suggestion> of(Severity severity) {
    return suggestions.stream().filter(one -> one.rule().severity() == severity).toList();
  }

  /** Twice of what the worst rule takes now, and one in a hundred at least. */
  private String maxQuarantine() {
    double most =
        of(Severity.QUARANTINE).stream()
            .map(Suggestion::share)
            .max(Comparator.naturalOrder())
            .orElse(0.0);
    return BigDecimal.valueOf(Math.max(0.01, 2 * most))
        .setScale(2, RoundingMode.CEILING)
        .stripTrailingZeros()
        .toPlainString();
  }

  private static String line(Suggestion one) {
    String text = one.rule().text();
    String quoted =
        text.indexOf('"') < 0 && text.indexOf('\\') < 0
            ? "\"" + text + "\""
            : "\"\"\"" + text + (text.endsWith("\"") ? " " : "") + "\"\"\"";
    int width = Math.max(1, COMMENT_AT - quoted.length());
    return "    " + quoted + " ".repeat(width) + "# " + comment(one) + "\n";
  }

  private static String comment(Suggestion one) {
    if (one.share() >= 0 && one.observed().isEmpty()) {
      return percent(one.share()) + " of rows";
    }
    String seen = seen(one.observed());
    return one.share() > 0 || one.observed().isEmpty()
        ? percent(Math.max(0, one.share())) + " of rows; " + seen
        : one.share() == 0 ? "0 % of rows" : "holds; " + seen;
  }

  private static String seen(List<Double> observed) {
    double least = observed.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double most = observed.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    String low = plain(least);
    String high = plain(most);
    return "was " + (low.equals(high) ? low : low + " .. " + high);
  }

  private static String percent(double share) {
    return plain(100 * share) + " %";
  }

  private static String plain(double number) {
    return Double.isFinite(number)
        ? BigDecimal.valueOf(number).round(new MathContext(4)).stripTrailingZeros().toPlainString()
        : String.valueOf(number);
  }

  void json(JsonOut out) {
    out.number("format", 1)
        .texts("from", from)
        .array("rules", suggestions, SuggestedGate::rule)
        .text("gate", hocon());
  }

  private static void rule(JsonOut out, Suggestion one) {
    out.text("severity", one.rule().severity().name().toLowerCase(Locale.ROOT))
        .text("rule", one.rule().text());
    if (one.share() >= 0) {
      out.decimal("failed_share", one.share());
    }
    if (!one.observed().isEmpty()) {
      out.text("observed", seen(one.observed()));
    }
  }
}
