package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepStatus;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunCommandTest {

  @Test
  void everyStepThatFailedIsExplainedOnce() {
    FailureRecord first = failure("a");
    FailureRecord second = failure("b");
    List<StepReport> steps = List.of(step("a", first), step("b", second), step("c", null));
    assertThat(RunCommand.failures(report(steps, first))).containsExactly(first, second);
    FailureRecord own = failure(null);
    assertThat(RunCommand.failures(report(List.of(step("c", null)), own))).containsExactly(own);
    assertThat(RunCommand.failures(report(steps.subList(2, 3), null))).isEmpty();
  }

  private static FailureRecord failure(@Nullable String step) {
    return new FailureRecord(
        "r", "p", step, "failed", ErrorType.STEP_FAILED, "why", 1, false, new TreeMap<>());
  }

  private static StepReport step(String name, @Nullable FailureRecord failure) {
    StepStatus status = failure == null ? StepStatus.SUCCEEDED : StepStatus.FAILED;
    return new StepReport(
        name, "execute", "new", status, 1, 1, null, new TreeMap<>(), List.of(), List.of(), failure);
  }

  private static RunReport report(List<StepReport> steps, @Nullable FailureRecord failure) {
    RunStatus status = failure == null ? RunStatus.SUCCEEDED : RunStatus.FAILED;
    RunId id = new RunId("r20240601-020000-1f3a9c");
    return new RunReport(id, "p", "local", status, Instant.EPOCH, 1, steps, failure, "wh", "r");
  }
}
