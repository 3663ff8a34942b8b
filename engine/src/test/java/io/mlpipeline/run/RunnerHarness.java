package io.mlpipeline.run;

import io.mlpipeline.delta.StoredGates;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepStatus;
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

/** Runs pipelines of scripted steps over stores in memory. */
abstract class RunnerHarness {

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
  static final class Unthreaded extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Whoever asks it what happened is answered by another one. */
  static final class Mute extends RuntimeException {
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

  static final class FakeRows {
    StepOutput of(long rows) {
      return StepOutput.sameModel("unused", "unused").withMetric("rows", rows);
    }
  }

  final FakeTables tables = new FakeTables();
  final FakeHistory history = new FakeHistory();
  final FakeModels models = new FakeModels();
  final FakeRegistry registry = new FakeRegistry();
  final FakeSessions sessions = new FakeSessions();
  final List<String> pauses = Collections.synchronizedList(new ArrayList<>());
  final GateStore gates = new StoredGates(new InMemoryObjectStore());
  Backend.Sleeper sleeper = pause -> pauses.add(pause.toString());
  Fence fence = Fence.OPEN;
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  int runs;

  @BeforeEach
  final void forgetCalls() {
    Scripted.CALLS.clear();
    Scripted.meeting = new CyclicBarrier(2);
    Scripted.release = new CountDownLatch(1);
  }

  static GateSpec gate(String... rules) {
    return new GateSpec(
        java.util.Arrays.stream(rules)
            .map(rule -> new GateRule(rule, Severity.BLOCK, rule, SourceLocation.UNKNOWN))
            .toList());
  }

  RunReport run(PipelineSpec spec) throws Exception {
    return run(spec, 4, RunOptions.OnFailure.STOP);
  }

  RunReport run(PipelineSpec spec, int parallel, RunOptions.OnFailure onFailure) throws Exception {
    return runner(spec, parallel, onFailure, new RunListener() {}).run(resolve(spec));
  }

  Runner runner(
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

  PlanResolver resolver(PipelineSpec spec) {
    return new PlanResolver(spec, RunRequest.ALL, code(spec), tables, models, history, registry);
  }

  PlanResolver.Resolved resolve(PipelineSpec spec) {
    return resolver(spec)
        .resolve(
            new History(Map.of(), history.loadLast("p"), Map.of(), Map.of(), Map.of(), Map.of()));
  }

  static Map<String, StepCode> code(PipelineSpec spec) {
    Map<String, StepCode> code = new HashMap<>();
    for (StepSpec step : spec.steps()) {
      code.put(
          step.name(),
          new StepCode(Scripted.class.getName(), "c", new TreeMap<>(), new TreeMap<>(), true));
    }
    return code;
  }

  static Map<String, StepStatus> statuses(RunReport report) {
    Map<String, StepStatus> statuses = new HashMap<>();
    for (StepReport step : report.steps()) {
      statuses.put(step.name(), step.status());
    }
    return statuses;
  }

  static PipelineSpec spec(StepSpec... steps) {
    return new PipelineSpec(
        "p", "local", List.of(), List.of(steps), List.of(), SourceLocation.UNKNOWN);
  }

  static StepSpec step(String name) {
    return step(name, Map.of(), Map.of());
  }

  static StepSpec step(String name, String param, Object value) {
    return step(name, Map.of(), Map.of(param, value));
  }

  static StepSpec below(String name, String input) {
    return step(name, Map.of("in", input), Map.of());
  }

  static StepSpec step(String name, Map<String, String> inputs, Map<String, Object> params) {
    return step(name, inputs, params, 0);
  }

  static StepSpec step(
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

  static StepSpec severalOutputs(String name, long rows, String rule) {
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

  static StepSpec gated(String name, long rows, String... rules) {
    return new StepSpec(
        name,
        Scripted.class.getName(),
        Collections.emptySortedMap(),
        params(Map.of("rows", rows)),
        List.of(output(name, gate(rules))),
        RuntimeSpec.DEFAULT,
        SourceLocation.UNKNOWN);
  }

  static OutputSpec output(String name, GateSpec gate) {
    return new OutputSpec("out", name, null, List.of(), List.of(), gate, SourceLocation.UNKNOWN);
  }

  static Params params(Map<String, Object> values) {
    return new Params(new TreeMap<>(values));
  }
}
