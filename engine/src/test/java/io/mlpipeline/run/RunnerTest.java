package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What runs, what is reused, what a gate lets through. */
class RunnerTest extends RunnerHarness {

  @Test
  void independentStepsRunAtTheSameTime() throws Exception {
    RunReport report = run(spec(step("a", "mishap", "meet"), step("b", "mishap", "meet")));
    assertThat(report.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(statuses(report)).containsEntry("a", StepStatus.SUCCEEDED).hasSize(2);
  }

  @Test
  void secondRunReusesEverythingWritesOneReceiptAndAsksForNoSession() throws Exception {
    PipelineSpec spec = spec(step("a"), step("b", Map.of("in", "a"), Map.of()));
    run(spec);
    int receipts = history.receipts().size();
    RunReport second = run(spec);
    assertThat(statuses(second).values()).containsOnly(StepStatus.REUSED);
    assertThat(history.receipts()).hasSize(receipts + 1);
    assertThat(second.steps()).allMatch(s -> s.reusedFrom() != null);
    assertThat(tables.versions("p/a")).isEqualTo(1);
  }

  @Test
  void rerunToTheSameContentMakesNoVersionAndStopsTheChange() throws Exception {
    run(spec(step("a"), step("b", Map.of("in", "a"), Map.of())));
    RunReport report = run(spec(step("a", "failures", 3), step("b", Map.of("in", "a"), Map.of())));
    assertThat(statuses(report))
        .containsEntry("a", StepStatus.UNCHANGED)
        .containsEntry("b", StepStatus.REUSED);
    assertThat(tables.versions("p/a")).isEqualTo(1);
    assertThat(sessions.discarded()).containsExactly("a");
  }

  @Test
  void rejectedOutputMakesNoVersionAndALooserGatePublishesTheKeptFiles() throws Exception {
    RunReport rejected = run(spec(gated("a", 5, "RowCount > 9"), below("b", "a")));
    assertThat(rejected.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(rejected.failure().type()).isEqualTo(ErrorType.GATE_REJECTED);
    assertThat(rejected.failure().message()).contains("RowCount > 9: 5");
    assertThat(tables.versions("p/a")).isZero();
    assertThat(statuses(rejected)).containsEntry("b", StepStatus.SKIPPED);

    RunReport looser = run(spec(gated("a", 5, "RowCount > 4"), below("b", "a")));
    assertThat(looser.steps().get(0).decision()).isEqualTo("reaudit");
    assertThat(Scripted.CALLS).as("computed once for a, once for b").containsEntry("", 2);
    assertThat(tables.versions("p/a")).isEqualTo(1);
    assertThat(looser.status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void tighterGateRejectsWithoutComputingAndLeavesThePublishedVersion() throws Exception {
    run(spec(gated("a", 5, "RowCount > 1")));
    RunReport report = run(spec(gated("a", 5, "RowCount > 7")));
    assertThat(report.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(Scripted.CALLS).containsEntry("", 1);
    assertThat(tables.versions("p/a")).isEqualTo(1);
  }

  @Test
  void foreignWriteIsAnsweredByRestoringAndOptimizeByNothing() throws Exception {
    PipelineSpec spec = spec(step("a"), below("b", "a"));
    run(spec);
    tables.foreignOptimize("p/a");
    assertThat(statuses(run(spec)).values()).containsOnly(StepStatus.REUSED);
    assertThat(tables.versions("p/a")).isEqualTo(2);
    tables.foreignWrite("p/a");
    assertThat(statuses(run(spec)).values()).containsOnly(StepStatus.REUSED);
    assertThat(tables.versions("p/a")).as("restored by one commit").isEqualTo(4);
    assertThat(statuses(run(spec)).values()).containsOnly(StepStatus.REUSED);
    assertThat(tables.versions("p/a")).isEqualTo(4);
  }

  @Test
  void lostFilesAreComputedAnew() throws Exception {
    PipelineSpec spec = spec(step("a"));
    run(spec);
    tables.foreignWrite("p/a");
    tables.lose("p/a");
    assertThat(statuses(run(spec))).containsEntry("a", StepStatus.SUCCEEDED);
  }
}
