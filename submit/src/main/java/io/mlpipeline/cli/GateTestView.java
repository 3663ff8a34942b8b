package io.mlpipeline.cli;

import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.spark.gate.Rehearsal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a gate would have said. */
final class GateTestView {

  private static final int WIDEST = 160;

  private final String name;
  private final GateSpec gate;
  private final Rehearsal.Result result;

  GateTestView(String name, GateSpec gate, Rehearsal.Result result) {
    this.name = name;
    this.gate = gate;
    this.result = result;
  }

  /** Whether a run would not have published. */
  boolean isRejected() {
    return result.report().verdict() == Verdict.REJECT || isTooMuchApart();
  }

  private boolean isTooMuchApart() {
    return result.quarantinedShare() > gate.maxQuarantine();
  }

  private String verdict() {
    return isRejected() ? "reject" : isSilent() ? "pass" : "warn";
  }

  private boolean isSilent() {
    return result.report().verdict() == Verdict.PASS && result.quarantined() == 0;
  }

  void print(Shell shell) {
    TextTable table = new TextTable("severity", "result", "observed", ">rows", "rule");
    for (RuleOutcome outcome : result.report().outcomes()) {
      table.row(
          word(outcome.rule().severity()),
          result(outcome),
          observed(outcome.observed()),
          rows(outcome) == 0 ? "" : Words.count(rows(outcome)),
          outcome.rule().text());
    }
    table.print(shell.out());
    for (RuleOutcome outcome : result.report().outcomes()) {
      details(shell, outcome);
    }
    shell.out().println();
    shell.out().println(summary());
  }

  /** A quarantine rule has something to say if rows break it. */
  private boolean setsApart(RuleOutcome outcome) {
    return outcome.rule().severity() == Severity.QUARANTINE && rows(outcome) > 0;
  }

  private String result(RuleOutcome outcome) {
    return !outcome.passed() ? "FAIL" : setsApart(outcome) ? "apart" : "pass";
  }

  private long rows(RuleOutcome outcome) {
    Rehearsal.Broken broken = result.broken().get(outcome.rule().id());
    return broken == null ? 0 : broken.rows();
  }

  private List<Map<String, String>> examples(RuleOutcome outcome) {
    Rehearsal.Broken broken = result.broken().get(outcome.rule().id());
    return broken == null ? List.of() : broken.examples();
  }

  private void details(Shell shell, RuleOutcome outcome) {
    String message = outcome.message();
    if (outcome.passed() && !setsApart(outcome) && message == null) {
      return; // a rule that passes unjudged says why
    }
    shell.out().println();
    shell.out().println(Messages.clean(message == null ? outcome.rule().text() : message));
    if (rows(outcome) > 0) {
      String what = setsApart(outcome) ? "would set apart " : "is broken by ";
      shell.out().println("  " + what + Words.count(rows(outcome)) + " rows, such as");
      for (Map<String, String> example : examples(outcome)) {
        String text = Messages.clean(example.toString());
        String shown = text.length() > WIDEST ? text.substring(0, WIDEST) + " ..." : text;
        shell.out().println("    " + shown);
      }
    }
  }

  private String summary() {
    String apart =
        gate.rules(Severity.QUARANTINE).isEmpty()
            ? ""
            : String.format(
                Locale.ROOT,
                ", of which %,d (%.2f %%) would be set apart%s",
                result.quarantined(),
                100 * result.quarantinedShare(),
                isTooMuchApart()
                    ? ": more than max-quarantine " + plain(gate.maxQuarantine())
                    : "");
    return verdict()
        + ": "
        + name
        + ", "
        + Words.count(result.rows())
        + " rows"
        + apart
        + "; nothing was published";
  }

  private static String observed(Map<String, Double> observed) {
    List<String> numbers = new ArrayList<>();
    observed.values().forEach(number -> numbers.add(plain(number)));
    return String.join(", ", numbers);
  }

  private static String plain(double number) {
    return Double.isFinite(number)
        ? BigDecimal.valueOf(number).round(new MathContext(6)).stripTrailingZeros().toPlainString()
        : String.valueOf(number);
  }

  private static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  void json(JsonOut out) {
    out.number("format", 1)
        .text("dataset", name)
        .text("verdict", verdict())
        .number("rows", result.rows())
        .number("quarantined", result.quarantined())
        .array("rules", result.report().outcomes(), this::rule);
  }

  private void rule(JsonOut out, RuleOutcome outcome) {
    out.text("id", outcome.rule().id())
        .text("severity", word(outcome.rule().severity()))
        .text("rule", outcome.rule().text())
        .flag("passed", outcome.passed())
        .text("message", outcome.message())
        .decimalMap("observed", outcome.observed());
    Rehearsal.Broken broken = result.broken().get(outcome.rule().id());
    if (broken != null) {
      out.number("rows", broken.rows())
          .array("examples", broken.examples(), (o, example) -> o.textMap("values", example));
    }
  }
}
