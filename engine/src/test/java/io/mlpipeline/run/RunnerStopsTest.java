package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.port.Fence;
import io.mlpipeline.port.RunListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Runs that are stopped, and one that was overtaken. */
class RunnerStopsTest extends RunnerHarness {

  @Test
  void cancelledRunEndsAndSaysSo() throws Exception {
    PipelineSpec spec = spec(step("a", "mishap", "hang"), below("b", "a"));
    RunReport report = runnerThat(Runner::cancel, "running", spec).run(resolve(spec));
    assertThat(report.status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(statuses(report)).containsEntry("a", StepStatus.CANCELLED);
    assertThat(tables.versions("p/a")).isZero();
  }

  @Test
  void cancellingWakesAStepThatSleepsBeforeItsNextAttempt() throws Exception {
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    sleeper =
        pause -> {
          asleep.countDown();
          never.await();
        };
    PipelineSpec spec =
        spec(step("a", Map.of(), Map.of("mishap", "flaky", "failures", 9), 5), below("b", "a"));
    Runner runner = runner(spec, 1, RunOptions.OnFailure.STOP, new RunListener() {});
    Thread stopper =
        new Thread(
            () -> {
              try {
                asleep.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              runner.cancel();
            });
    stopper.start();
    RunReport report = runner.run(resolve(spec));
    assertThat(report.status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(Scripted.CALLS).containsEntry("flaky", 1);
    assertThat(history.all())
        .filteredOn(e -> e.kind() == LineageEvent.Kind.RUN)
        .extracting(LineageEvent::status)
        .containsExactly("running", "cancelled");
  }

  @Test
  void stepThatDoesNotHeedBeingCancelledIsLeftBehind() throws Exception {
    PipelineSpec spec = spec(step("a", "mishap", "deaf"), below("b", "a"));
    Runner runner = runnerThat(it -> it.cancelWithin(Duration.ofMillis(20)), "running", spec);
    RunReport report = runner.run(resolve(spec));
    assertThat(report.status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(statuses(report))
        .containsEntry("a", StepStatus.CANCELLED)
        .containsEntry("b", StepStatus.SKIPPED);
    assertThat(report.failure()).isNull();
    assertThat(runner.isLeftBehind()).isTrue();
    Scripted.release.countDown();
    assertThat(tables.versions("p/a")).isZero();
  }

  @Test
  void stepThatPublishesAlreadyEndsWhateverIsCancelled() throws Exception {
    PipelineSpec spec = spec(step("a"), below("b", "a"));
    RunReport report = runnerThat(Runner::cancel, "publishing", spec).run(resolve(spec));
    assertThat(report.status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(statuses(report))
        .containsEntry("a", StepStatus.SUCCEEDED)
        .containsEntry("b", StepStatus.SKIPPED);
    assertThat(tables.versions("p/a")).isEqualTo(1);
    assertThat(sessions.cancelled("a").getCount()).isEqualTo(1);
  }

  @Test
  void runWhoseLeaseWasTakenOverPublishesNothingAndIsLost() throws Exception {
    PipelineSpec spec = spec(severalOutputs("a", 5, "RowCount > 1"), below("b", "a"));
    fence =
        new Fence() {
          @Override
          public void check() {
            throw new EngineException(ErrorType.LEASE_LOST, "run r2 took over");
          }

          @Override
          public boolean isPassed() {
            return false;
          }
        };
    RunReport report = run(spec);
    assertThat(report.status()).isEqualTo(RunStatus.LOST);
    assertThat(report.failure().type()).isEqualTo(ErrorType.LEASE_LOST);
    assertThat(tables.versions("p/a")).isZero();
    assertThat(models.find("p", "m", "m1:m")).isEmpty();
    assertThat(history.loadLast("p").steps()).isEmpty();
  }

  /** A runner to which something is done when a step comes to a phase. */
  private Runner runnerThat(Consumer<Runner> done, String phase, PipelineSpec spec) {
    AtomicReference<Runner> known = new AtomicReference<>();
    Runner runner =
        runner(
            spec,
            2,
            RunOptions.OnFailure.STOP,
            new RunListener() {
              @Override
              public void stepAt(String step, String reached) {
                if (reached.equals(phase)) {
                  done.accept(known.get());
                }
              }
            });
    known.set(runner);
    return runner;
  }
}
