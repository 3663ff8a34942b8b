package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.model.Waiver;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A rejection that somebody answers for. */
class RunnerWaiversTest extends RunnerHarness {

  @Test
  void waivedRejectionPublishesTheKeptFilesModelsAndAllAndSaysWhoWaivedIt() throws Exception {
    PipelineSpec spec = spec(severalOutputs("a", 5, "RowCount > 9"), below("b", "a"));
    assertThat(run(spec).status()).isEqualTo(RunStatus.REJECTED);
    assertThat(models.find("p", "m", "m1:m")).isEmpty();
    gates.add(waiver("a", "RowCount > 9", "RowCount > 9", "2026-01-03"));

    RunReport report = run(spec);

    assertThat(report.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(report.steps().get(0).decision()).isEqualTo("reaudit");
    assertThat(Scripted.CALLS).as("computed once for a, once for b").containsEntry("", 2);
    assertThat(tables.versions("p/a")).isEqualTo(1);
    assertThat(tables.versions("p/other")).isEqualTo(1);
    assertThat(models.find("p", "m", "m1:m")).isPresent();
    GateReport gate = report.steps().get(0).gates().get(0);
    assertThat(gate.verdict()).isEqualTo(Verdict.WARN);
    assertThat(gate.outcomes().get(0).waiver().by()).isEqualTo("ann");
    assertThat(history.all())
        .filteredOn(e -> e.kind() == LineageEvent.Kind.GATE && e.status().equals("succeeded"))
        .anySatisfy(
            e ->
                assertThat(e.gates().get(0).outcomes().get(0).waiver().reason())
                    .isEqualTo("holiday"));
  }

  @Test
  void expiredWaiverLeavesWhatWasPublishedAndRejectsWhatIsNew() throws Exception {
    PipelineSpec spec = spec(gated("a", 5, "RowCount > 9"));
    gates.add(waiver("a", "RowCount > 9", "RowCount > 9", "2026-01-03"));
    now = Instant.parse("2026-01-03T23:59:59Z");
    assertThat(run(spec).status()).as("on the last day").isEqualTo(RunStatus.SUCCEEDED);

    now = Instant.parse("2026-01-04T00:00:00Z");
    assertThat(statuses(run(spec))).containsEntry("a", StepStatus.REUSED);
    RunReport fresh = run(spec(gated("a", 6, "RowCount > 9")));
    assertThat(fresh.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(tables.versions("p/a")).isEqualTo(1);
    assertThat(run(spec(gated("a", 6, "RowCount > 9"))).status())
        .as("judged again without a waiver that counts")
        .isEqualTo(RunStatus.REJECTED);
  }

  @Test
  void waiverOfAnotherTextRuleDatasetOrPipelineChangesNothing() throws Exception {
    gates.add(waiver("a", "RowCount > 9", "RowCount > 8", "2026-01-03"));
    gates.add(waiver("b", "RowCount > 9", "RowCount > 9", "2026-01-03"));
    gates.add(waiver("a", "other", "RowCount > 9", "2026-01-03"));
    gates.add(
        new Waiver(
            "q", "a", "RowCount > 9", "RowCount > 9", "r", "why", "ann", now, now().plusDays(1)));
    assertThat(run(spec(gated("a", 5, "RowCount > 9"))).status()).isEqualTo(RunStatus.REJECTED);
  }

  @Test
  void oneWaivedRuleOfTwoStillRejectsAndOnlyTheOtherIsTheFailure() throws Exception {
    gates.add(waiver("a", "RowCount > 9", "RowCount > 9", "2026-01-03"));
    RunReport report = run(spec(gated("a", 5, "RowCount > 9", "RowCount > 20")));
    assertThat(report.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(report.failure().message()).isEqualTo("a: RowCount > 20: 5");
  }

  private java.time.LocalDate now() {
    return java.time.LocalDate.ofInstant(now, java.time.ZoneOffset.UTC);
  }

  private Waiver waiver(String dataset, String rule, String text, String until) {
    java.time.LocalDate last = java.time.LocalDate.parse(until);
    return new Waiver("p", dataset, rule, text, "r", "holiday", "ann", now, last);
  }
}
