package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.RuntimeChange;
import io.mlpipeline.model.RuntimeSetting;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.port.RunListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run makes of steps that fail. */
class RunnerFailuresTest extends RunnerHarness {

  @Test
  void retriesOnlyWhatIsRetryableAndKeepsARecordOfEachAttempt() throws Exception {
    StepSpec flaky = step("a", Map.of(), Map.of("mishap", "flaky", "failures", 2), 3);
    RunReport report = run(spec(flaky));
    assertThat(report.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(report.steps().get(0).attempts()).isEqualTo(3);
    assertThat(pauses).hasSize(2);
    assertThat(history.all())
        .filteredOn(e -> e.kind() == LineageEvent.Kind.ATTEMPT)
        .extracting(LineageEvent::status)
        .containsExactly("failed", "failed", "succeeded");

    RunReport once = run(spec(step("x", Map.of(), Map.of("mishap", "throw"), 3)));
    assertThat(once.steps().get(0).attempts()).isEqualTo(1);
    assertThat(once.failure().type()).isEqualTo(ErrorType.STEP_FAILED);
    assertThat(once.failure().message()).contains("no such luck");
  }

  @Test
  void whenMemoryRunsOutTheNextAttemptIsRunOtherwiseAndTheSameStepIsMeant() throws Exception {
    StepSpec hungry = step("a", Map.of(), Map.of("mishap", "memory", "failures", 2), 3);
    RuntimeChange more = new RuntimeChange(RuntimeSetting.SHUFFLE_PARTITIONS, 2);
    RuntimeSpec changing = new RuntimeSpec(3, Duration.ofSeconds(1), null, List.of(more), 0);
    List<String> noted = Collections.synchronizedList(new ArrayList<>());
    RunListener listener =
        new RunListener() {
          @Override
          public void stepNoted(String step, String text) {
            noted.add(text);
          }
        };
    PipelineSpec spec = spec(hungry.withRuntime(changing));
    RunReport report = runner(spec, 1, RunOptions.OnFailure.STOP, listener).run(resolve(spec));
    assertThat(report.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(noted)
        .containsExactly(
            "memory ran out, so the next attempt has shuffle-partitions x2",
            "memory ran out, so the next attempt has shuffle-partitions x4");
    assertThat(history.all())
        .filteredOn(e -> e.kind() == LineageEvent.Kind.ATTEMPT)
        .extracting(e -> e.facts().getOrDefault("on-oom.shuffle-partitions", "as it is"))
        .containsExactly("as it is", "x2", "x4");
    assertThat(history.all())
        .filteredOn(e -> e.failure() != null)
        .extracting(e -> e.failure().diagnostics().get("on-oom.shuffle-partitions"))
        .as("of the attempts that failed")
        .containsExactly(null, "x2");

    RunReport again = run(spec(hungry));
    assertThat(statuses(again)).containsEntry("a", StepStatus.REUSED);
  }

  @Test
  void errorsAreRecordsToo() throws Exception {
    RunReport report = run(spec(step("a", "mishap", "error")));
    assertThat(report.failure().message()).contains("StackOverflowError", "too deep");
  }

  @Test
  @Timeout(60)
  void whateverAStepDiesOfEndsItAndIsRecorded() throws Exception {
    for (String death : List.of("memory-error", "class", "assertion", "thread", "mute")) {
      RunReport report = run(spec(step("a", "mishap", death), below("b", "a")));
      ErrorType expected =
          death.equals("memory-error") ? ErrorType.OUT_OF_MEMORY : ErrorType.STEP_FAILED;
      assertThat(report.status()).as(death).isEqualTo(RunStatus.FAILED);
      assertThat(report.failure().type()).as(death).isEqualTo(expected);
      assertThat(statuses(report)).containsEntry("b", StepStatus.SKIPPED);
      assertThat(history.all())
          .filteredOn(e -> e.runId().equals(report.runId().value()))
          .extracting(LineageEvent::status)
          .as(death)
          .containsExactly("running", "failed", "failed");
    }
  }

  @Test
  @Timeout(60)
  void aRunEndsEvenIfWhoListensToItDiesAtTheStartOrTheEndOfAnAttempt() throws Exception {
    RunListener dying =
        new RunListener() {
          @Override
          public void stepStarted(String step, String decision, String reason) {
            throw new NoClassDefFoundError("io/example/Gone");
          }
        };
    PipelineSpec spec = spec(step("a"), below("b", "a"));
    RunReport report = runner(spec, 1, RunOptions.OnFailure.STOP, dying).run(resolve(spec));
    assertThat(report.status()).isEqualTo(RunStatus.FAILED);
    assertThat(report.failure().type()).isEqualTo(ErrorType.INTERNAL_ERROR);
    assertThat(report.failure().message()).contains("NoClassDefFoundError");
    assertThat(statuses(report)).containsEntry("b", StepStatus.SKIPPED);

    RunListener muteAtRetries =
        new RunListener() {
          @Override
          public void stepRetries(String step, FailureRecord failure, Duration pause) {
            throw new Mute();
          }
        };
    PipelineSpec flaky = spec(step("a", Map.of(), Map.of("mishap", "flaky", "failures", 9), 5));
    RunReport retried =
        runner(flaky, 1, RunOptions.OnFailure.STOP, muteAtRetries).run(resolve(flaky));
    assertThat(retried.failure().type()).isEqualTo(ErrorType.INTERNAL_ERROR);
    assertThat(run(spec).status()).as("the next run").isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void firstFailureStopsNewWork() throws Exception {
    PipelineSpec spec = spec(step("a", "mishap", "throw"), step("b"));
    RunReport stopped = run(spec, 1, RunOptions.OnFailure.STOP);
    assertThat(statuses(stopped))
        .containsEntry("a", StepStatus.FAILED)
        .containsEntry("b", StepStatus.SKIPPED);
  }

  @Test
  void keepGoingRunsWhatDoesNotDependOnTheFailure() throws Exception {
    PipelineSpec spec = spec(step("a", "mishap", "throw"), step("b"), below("c", "a"));
    RunReport report = run(spec, 1, RunOptions.OnFailure.KEEP_GOING);
    assertThat(statuses(report))
        .containsEntry("b", StepStatus.SUCCEEDED)
        .containsEntry("c", StepStatus.SKIPPED);
    assertThat(report.status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void stepThatTakesTooLongIsStopped() throws Exception {
    StepSpec slow =
        new StepSpec(
            "a",
            Scripted.class.getName(),
            Collections.emptySortedMap(),
            params(Map.of("mishap", "hang")),
            List.of(output("a", GateSpec.OPEN)),
            new RuntimeSpec(0, Duration.ofSeconds(1), Duration.ofMillis(50)),
            SourceLocation.UNKNOWN);
    RunReport report = run(spec(slow));
    assertThat(report.failure().type()).isEqualTo(ErrorType.TIMED_OUT);
    assertThat(sessions.cancelled("a").getCount()).isZero();
    assertThat(tables.versions("p/a")).isZero();
  }
}
