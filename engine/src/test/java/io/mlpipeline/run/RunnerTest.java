package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.delta.StoredGates;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.RuntimeChange;
import io.mlpipeline.model.RuntimeSetting;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.model.Waiver;
import io.mlpipeline.plan.History;
import io.mlpipeline.port.Fence;
import io.mlpipeline.port.GateStore;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.testkit.FakeHistory;
import io.mlpipeline.testkit.FakeModels;
import io.mlpipeline.testkit.FakeRegistry;
import io.mlpipeline.testkit.FakeSessions;
import io.mlpipeline.testkit.FakeTables;
import io.mlpipeline.testkit.InMemoryObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RunnerTest {

  /** A step whose rows and misfortunes are params. */
  public static final class Scripted implements Step<Scripted.Params_> {

    static final Map<String, Integer> CALLS = new ConcurrentHashMap<>();
    static CyclicBarrier meeting = new CyclicBarrier(2);
    static CountDownLatch release = new CountDownLatch(1);

    /** The script. */
    public record Params_(
        @Default("1") long rows, @Default("") String mishap, @Default("0") int failures) {}

    @Override
    public StepOutput run(StepContext context, Params_ params) throws Exception {
      int call = CALLS.merge(params.mishap(), 1, Integer::sum);
      switch (params.mishap()) {
        case "meet" -> meeting.await(20, TimeUnit.SECONDS);
        case "flaky" -> {
          if (call <= params.failures()) {
            throw new EngineException(ErrorType.STORAGE_UNAVAILABLE, "try later");
          }
        }
        case "memory" -> {
          if (call <= params.failures()) {
            throw new EngineException(ErrorType.EXECUTOR_OUT_OF_MEMORY, "too much at once");
          }
        }
        case "throw" -> throw new IllegalStateException("no such luck");
        case "error" -> throw new StackOverflowError("too deep");
        case "memory-error" -> throw new OutOfMemoryError("Java heap space");
        case "class" -> throw new NoClassDefFoundError("io/example/Gone");
        case "assertion" -> throw new AssertionError("not as expected");
        case "thread" -> throw new Unthreaded();
        case "mute" -> throw new Mute();
        case "deaf" -> {
          boolean released = false;
          while (!released) {
            try {
              released = release.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              // it does not heed it
            }
          }
        }
        case "hang" -> release.await(60, TimeUnit.SECONDS);
        default -> {}
      }
      return new FakeRows().of(params.rows());
    }
  }

  /** Ends its thread, as a class that nobody knows. */
  private static final class Unthreaded extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Whoever asks it what happened is answered by another one. */
  private static final class Mute extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new StackOverflowError("asked");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new StackOverflowError("asked");
    }
  }

  private static final class FakeRows {
    StepOutput of(long rows) {
      return StepOutput.sameModel("unused", "unused").withMetric("rows", rows);
    }
  }

  private final FakeTables tables = new FakeTables();
  private final FakeHistory history = new FakeHistory();
  private final FakeModels models = new FakeModels();
  private final FakeRegistry registry = new FakeRegistry();
  private final FakeSessions sessions = new FakeSessions();
  private final List<String> pauses = Collections.synchronizedList(new ArrayList<>());
  private final GateStore gates = new StoredGates(new InMemoryObjectStore());
  private Backend.Sleeper sleeper = pause -> pauses.add(pause.toString());
  private Fence fence = Fence.OPEN;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private int runs;

  @BeforeEach
  void forgetCalls() {
    Scripted.CALLS.clear();
    Scripted.meeting = new CyclicBarrier(2);
    Scripted.release = new CountDownLatch(1);
  }

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

  @Test
  void cancelledRunEndsAndSaysSo() throws Exception {
    PipelineSpec spec = spec(step("a", "mishap", "hang"), below("b", "a"));
    Runner runner = runner(spec, 2, RunOptions.OnFailure.STOP, new Canceller());
    canceller.runner = runner;
    RunReport report = runner.run(resolve(spec));
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
    List<Runner> known = new ArrayList<>();
    Runner runner =
        runner(
            spec,
            2,
            RunOptions.OnFailure.STOP,
            new RunListener() {
              @Override
              public void stepAt(String step, String phase) {
                if (phase.equals("running")) {
                  known.get(0).cancelWithin(Duration.ofMillis(20));
                }
              }
            });
    known.add(runner);
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
    List<Runner> known = new ArrayList<>();
    Runner runner =
        runner(
            spec,
            2,
            RunOptions.OnFailure.STOP,
            new RunListener() {
              @Override
              public void stepAt(String step, String phase) {
                if (phase.equals("publishing")) {
                  known.get(0).cancel();
                }
              }
            });
    known.add(runner);
    RunReport report = runner.run(resolve(spec));
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

  private static StepSpec severalOutputs(String name, long rows, String rule) {
    List<OutputSpec> outputs =
        List.of(
            output(name, gate(rule)),
            new OutputSpec(
                "second",
                "other",
                null,
                List.of(),
                List.of(),
                GateSpec.OPEN,
                SourceLocation.UNKNOWN),
            new OutputSpec(
                "model", "m", null, List.of(), List.of(), GateSpec.OPEN, SourceLocation.UNKNOWN));
    return new StepSpec(
        name,
        Scripted.class.getName(),
        Collections.emptySortedMap(),
        params(Map.of("rows", rows)),
        outputs,
        RuntimeSpec.DEFAULT,
        SourceLocation.UNKNOWN);
  }

  private static GateSpec gate(String... rules) {
    return new GateSpec(
        java.util.Arrays.stream(rules)
            .map(rule -> new GateRule(rule, Severity.BLOCK, rule, SourceLocation.UNKNOWN))
            .toList());
  }

  private Canceller canceller;

  private final class Canceller implements RunListener {
    private volatile Runner runner;

    Canceller() {
      canceller = this;
    }

    @Override
    public void stepAt(String step, String phase) {
      if (phase.equals("running")) {
        runner.cancel();
      }
    }
  }

  private RunReport run(PipelineSpec spec) throws Exception {
    return run(spec, 4, RunOptions.OnFailure.STOP);
  }

  private RunReport run(PipelineSpec spec, int parallel, RunOptions.OnFailure onFailure)
      throws Exception {
    return runner(spec, parallel, onFailure, new RunListener() {}).run(resolve(spec));
  }

  private Runner runner(
      PipelineSpec spec, int parallel, RunOptions.OnFailure onFailure, RunListener listener) {
    Backend backend =
        new Backend(
            tables,
            models,
            history,
            history,
            gates,
            registry,
            () -> sessions,
            t -> Optional.empty(),
            () -> now,
            sleeper,
            getClass().getClassLoader());
    RunContext context =
        new RunContext(
            RunId.of(Instant.parse("2026-01-01T00:00:00Z"), ++runs),
            spec,
            code(spec),
            Collections.emptySortedMap(),
            Collections.emptySortedMap(),
            "/wh",
            listener);
    return new Runner(
        backend.behind(fence), context, new RunOptions(parallel, onFailure), resolver(spec));
  }

  private PlanResolver resolver(PipelineSpec spec) {
    return new PlanResolver(spec, RunRequest.ALL, code(spec), tables, models, history, registry);
  }

  private PlanResolver.Resolved resolve(PipelineSpec spec) {
    return resolver(spec)
        .resolve(
            new History(Map.of(), history.loadLast("p"), Map.of(), Map.of(), Map.of(), Map.of()));
  }

  private static Map<String, StepCode> code(PipelineSpec spec) {
    Map<String, StepCode> code = new HashMap<>();
    for (StepSpec step : spec.steps()) {
      code.put(
          step.name(),
          new StepCode(Scripted.class.getName(), "c", new TreeMap<>(), new TreeMap<>(), true));
    }
    return code;
  }

  private static Map<String, StepStatus> statuses(RunReport report) {
    Map<String, StepStatus> statuses = new HashMap<>();
    for (StepReport step : report.steps()) {
      statuses.put(step.name(), step.status());
    }
    return statuses;
  }

  private static PipelineSpec spec(StepSpec... steps) {
    return new PipelineSpec(
        "p", "local", List.of(), List.of(steps), List.of(), SourceLocation.UNKNOWN);
  }

  private static StepSpec step(String name) {
    return step(name, Map.of(), Map.of());
  }

  private static StepSpec step(String name, String param, Object value) {
    return step(name, Map.of(), Map.of(param, value));
  }

  private static StepSpec below(String name, String input) {
    return step(name, Map.of("in", input), Map.of());
  }

  private static StepSpec step(
      String name, Map<String, String> inputs, Map<String, Object> params) {
    return step(name, inputs, params, 0);
  }

  private static StepSpec step(
      String name, Map<String, String> inputs, Map<String, Object> params, int retries) {
    return new StepSpec(
        name,
        Scripted.class.getName(),
        new TreeMap<>(inputs),
        params(params),
        List.of(output(name, GateSpec.OPEN)),
        new RuntimeSpec(retries, Duration.ofSeconds(1), null),
        SourceLocation.UNKNOWN);
  }

  private static StepSpec gated(String name, long rows, String... rules) {
    return new StepSpec(
        name,
        Scripted.class.getName(),
        Collections.emptySortedMap(),
        params(Map.of("rows", rows)),
        List.of(output(name, gate(rules))),
        RuntimeSpec.DEFAULT,
        SourceLocation.UNKNOWN);
  }

  private static OutputSpec output(String name, GateSpec gate) {
    return new OutputSpec("out", name, null, List.of(), List.of(), gate, SourceLocation.UNKNOWN);
  }

  private static Params params(Map<String, Object> values) {
    return new Params(new TreeMap<>(values));
  }
}
