package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Planning;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Waiver;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Waiving in process, over the receipt of a run that nobody computed. */
class GatesWaiveTest {

  private static final String RUN = "r20260101-000000-000001";
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path directory;
  private Warehouse warehouse;

  @BeforeEach
  void recordARejectedRun() {
    warehouse = Warehouse.open("./warehouse", directory);
    List<GateReport> gates =
        List.of(
            GateReport.of(
                "features",
                List.of(
                    outcome("enough-rows", Severity.BLOCK, "RowCount > 9", "RowCount > 9: 5"),
                    outcome("rab1", Severity.BLOCK, "IsUnique \"id\"", null),
                    outcome("age", Severity.WARN, "Completeness \"age\" > 0.9", "it is 0.5"),
                    outcome("rows-accounted-for", Severity.BLOCK, "RowsAccountedFor", "2 lost"),
                    outcome("rcc1", Severity.BLOCK, "Sum \"x\" > 1", "Sum: not evaluated: odd"))),
            GateReport.of(
                "other",
                List.of(
                    outcome("rab1", Severity.BLOCK, "IsUnique \"id\"", "3 of 5"),
                    outcome("rab2", Severity.BLOCK, "Mean \"x\" > 1", "it is 0"))));
    LineageEvent attempt = event("1", LineageEvent.Kind.ATTEMPT, "features", "rejected", gates);
    LineageEvent end = event("2", LineageEvent.Kind.RUN, null, "rejected", List.of());
    warehouse.ledger().record(new Receipt(RUN, 0, List.of(attempt, end)));
  }

  private static RuleOutcome outcome(String id, Severity severity, String text, String message) {
    GateRule rule = new GateRule(id, severity, text, SourceLocation.UNKNOWN);
    return new RuleOutcome(rule, message == null, message, new TreeMap<>());
  }

  private static LineageEvent event(
      String id, LineageEvent.Kind kind, String step, String status, List<GateReport> gates) {
    return new LineageEvent(
        RUN + "/" + id,
        kind,
        RUN,
        "churn",
        "staging",
        step,
        1,
        status,
        "first run",
        null,
        List.of(),
        List.of(),
        List.of(),
        new TreeMap<>(),
        gates,
        null,
        new TreeMap<>(Map.of("pipeline-file", "conf/pipelines/churn.conf")),
        THEN,
        THEN);
  }

  private Ran run(String... args) {
    return Ran.in(directory, args);
  }

  private static String inDays(int days) {
    return LocalDate.now(ZoneOffset.UTC).plusDays(days).toString();
  }

  private Ran waive(String rule, String... more) {
    List<String> args =
        new java.util.ArrayList<>(
            List.of("gates", "waive", RUN, rule, "--reason", "a holiday", "--until", inDays(7)));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  @Test
  void waiverIsKeptShownAndPartOfTheRunsLineage() {
    Ran ran = waive("enough-rows");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains(
            "churn/features: RowCount > 9",
            "until " + inDays(7),
            "mlpipeline run conf/pipelines/churn.conf --env staging");
    assertThat(ran.err()).as("what is in the way all the same").contains("rows-accounted-for");
    Waiver kept = warehouse.gates().waivers("churn").get(0);
    assertThat(kept.by()).isEqualTo(Planning.user());
    assertThat(kept.text()).isEqualTo("RowCount > 9");
    assertThat(warehouse.ledger().run(RUN))
        .filteredOn(e -> e.kind() == LineageEvent.Kind.GATE)
        .singleElement()
        .satisfies(e -> assertThat(e.reason()).isEqualTo("a holiday"));
    assertThat(run("runs", "show", RUN).out())
        .contains("RowCount > 9; waived by " + Planning.user() + " until " + inDays(7));
    assertThat(run("gates", "waivers").out()).contains("active", "churn/features", "a holiday");
    assertThat(run("gates", "waivers", "none").err()).contains("no waivers");
  }

  @Test
  void ruleIsFoundByTextAndByTheBeginningOfItsId() {
    assertThat(waive("RowCount > 9").code()).isZero();
    assertThat(waive("eno").code()).isZero();
    assertThat(waive("rab1", "--dataset", "churn/other").code()).isZero();
    assertThat(warehouse.gates().waivers("churn")).hasSize(3);
  }

  @Test
  void twoWaiversOfOneMomentAreBothRecorded() {
    waive("enough-rows");
    waive("rab2");
    assertThat(warehouse.ledger().run(RUN))
        .filteredOn(e -> e.kind() == LineageEvent.Kind.GATE)
        .hasSize(2);
  }

  @Test
  void ruleThatCouldNotBeEvaluatedCanBeWaivedAndItIsSaid() {
    Ran ran = waive("rcc1");
    assertThat(ran.code()).isZero();
    assertThat(ran.err()).contains("could not be evaluated");
    assertThat(waive("rcc1", "--output", "json").out()).contains("\"evaluated\": false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enuogh-rows        | has no rule 'enuogh-rows'  | did you mean 'enough-rows'",
        "nothing-like-it    | has no rule                | enough-rows",
        "rab                | beginning of several rules | rab1, rab2",
        "rab1               | judges features and other  | --dataset features",
        "age                | only warns                 | nothing to waive",
        "rows-accounted-for | can never be waived        | find the step",
        "' '                | has no rule                | enough-rows",
      })
  void whatCannotBeWaivedIsRefusedWithAWayOn(String rule, String what, String remedy) {
    Ran ran = waive(rule);
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains(what, remedy);
    assertThat(warehouse.gates().waivers("churn")).isEmpty();
  }

  @Test
  void ruleThatHeldIsRefused() {
    Ran ran = waive("rab1", "--dataset", "features");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("rule rab1 of features held", "enough-rows");
    assertThat(waive("rab1", "--dataset", "fetures").err()).contains("did you mean 'features'");
  }

  @ParameterizedTest
  @CsvSource({"-1, is over", "91, more than 90 days ahead"})
  void dayMustLieInTheNextNinety(int days, String what) {
    Ran ran = run("gates", "waive", RUN, "eno", "--reason", "x", "--until", inDays(days));
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains(what);
  }

  @Test
  void reasonDayAndRunMustBeReal() {
    assertThat(run("gates", "waive", RUN, "eno", "--reason", " ", "--until", inDays(1)).err())
        .contains("needs a reason");
    assertThat(run("gates", "waive", RUN, "eno", "--reason", "x", "--until", "tomorrow").err())
        .contains("--until cannot be 'tomorrow'");
    Ran unknown = run("gates", "waive", "r1", "eno", "--reason", "x", "--until", inDays(1));
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("there is no run r1", "runs list");
    assertThat(run("gates", "waive", RUN, "eno").err()).contains("--reason");
  }

  @Test
  void dayThatBeginsTodayAndDayNinetyAreFine() {
    String[] days = {inDays(0), inDays(90)};
    for (String day : days) {
      assertThat(run("gates", "waive", RUN, "eno", "--reason", "x", "--until", day).code())
          .isZero();
    }
  }
}
