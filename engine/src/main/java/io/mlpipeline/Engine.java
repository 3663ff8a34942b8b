package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.port.Sessions;
import io.mlpipeline.run.Backend;
import io.mlpipeline.run.PlanResolver;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.run.Runner;
import io.mlpipeline.spark.SparkFailures;
import io.mlpipeline.spark.SparkOptions;
import io.mlpipeline.spark.SparkSessions;
import io.mlpipeline.spark.gate.GateSyntax;
import io.mlpipeline.spark.table.Schemas;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs pipelines with Spark. Never ends the process, and never stops a session that it did not
 * start.
 *
 * <pre>{@code
 * Engine engine = Engine.local(4);
 * RunReport report = engine.run(Planning.open(options), RunRequest.ALL, runOptions, listener);
 * }</pre>
 */
public final class Engine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final @Nullable SparkSession given;
  private final SparkOptions sparkOptions;
  private @Nullable CompletableFuture<SparkSessions> starting;
  private volatile @Nullable Runner current;

  private Engine(@Nullable SparkSession given, SparkOptions sparkOptions) {
    this.given = given;
    this.sparkOptions = sparkOptions;
  }

  /** An engine that starts its own session: local, or what {@code spark-submit} says. */
  public static Engine starting(int parallel, Map<String, String> sparkConf) {
    return new Engine(null, new SparkOptions("mlpipeline", parallel, sparkConf));
  }

  /** An engine within a session of somebody else, such as a notebook's or Databricks'. */
  public static Engine within(SparkSession session) {
    return new Engine(session, new SparkOptions("mlpipeline", 1, Map.of()));
  }

  /** Starts Spark beside what comes first, for a caller who knows that it will be needed. */
  public synchronized void warmUp(Warehouse warehouse) {
    if (given == null && starting == null) {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      starting = CompletableFuture.supplyAsync(() -> start(warehouse, loader));
    }
  }

  /** Under spark-submit only the caller's loader knows our jar; Spark asks the thread for it. */
  private SparkSessions start(Warehouse warehouse, ClassLoader loader) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return SparkSessions.start(
          sparkOptions, warehouse.uri(), warehouse.tables(), warehouse.models(), warehouse.gates());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /**
   * Plans and runs. What goes wrong in a step is in the report; what is wrong with the request, the
   * pipeline or the environment is thrown.
   */
  public RunReport run(
      Planning planning, RunRequest request, RunOptions options, RunListener listener)
      throws InterruptedException {
    PlanResolver.Resolved resolved = planning.plan(request);
    checkGates(planning.spec());
    Warehouse warehouse = planning.warehouse();
    ClassLoader steps = StepJars.loader(planning.jars());
    LazySessions sessions = new LazySessions(() -> open(warehouse, planning.jars()));
    Backend backend =
        Wiring.backend(
            warehouse, planning.options().clock(), sessions::open, SparkFailures::classify, steps);
    SortedMap<String, String> facts = RunFacts.full(planning.options());
    facts.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    Runner runner =
        new Runner(
            backend,
            Wiring.context(planning, facts, listener),
            options,
            planning.resolver(request));
    current = runner;
    try {
      return runner.run(resolved);
    } finally {
      current = null;
      fold(warehouse);
    }
  }

  /** Stops the run that goes on, if any; from any thread. */
  public void cancel() {
    Runner runner = current;
    if (runner != null) {
      runner.cancel();
    }
  }

  /** Every rule of every gate is understood before any data moves. */
  public static void checkGates(PipelineSpec spec) {
    List<Problem> problems = gateProblems(spec);
    if (!problems.isEmpty()) {
      throw EngineException.invalid(problems);
    }
  }

  /** What is wrong with the gates of a pipeline; needs no session. */
  public static List<Problem> gateProblems(PipelineSpec spec) {
    List<Problem> problems = new ArrayList<>();
    for (InputSpec input : spec.inputs()) {
      problems.addAll(problems(input.gate(), input.schema(), List.of()));
    }
    for (StepSpec step : spec.steps()) {
      for (OutputSpec output : step.outputs()) {
        problems.addAll(problems(output.gate(), output.schema(), step.inputs().values()));
      }
    }
    return problems;
  }

  private static List<Problem> problems(
      GateSpec gate, io.mlpipeline.model.@Nullable SchemaSpec schema, Collection<String> inputs) {
    Set<String> referable = new TreeSet<>(inputs);
    referable.addAll(gate.references());
    return gate.isOpen()
        ? List.of()
        : GateSyntax.problems(gate.rules(), schema == null ? null : Schemas.of(schema), referable);
  }

  private Sessions open(Warehouse warehouse, List<String> jars) {
    SparkSessions sessions = sessions(warehouse);
    sessions.addJars(jars);
    return sessions;
  }

  private SparkSessions sessions(Warehouse warehouse) {
    SparkSession session = given;
    if (session != null) {
      return SparkSessions.within(
          session, warehouse.uri(), warehouse.tables(), warehouse.models(), warehouse.gates());
    }
    warmUp(warehouse);
    try {
      return java.util.Objects.requireNonNull(starting).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Receipts are durable already; a fold that fails is made up for by the next one. */
  private static void fold(Warehouse warehouse) {
    try {
      warehouse.ledger().fold();
    } catch (RuntimeException e) {
      LOG.warn("lineage was recorded but not folded: {}", e.getMessage());
    }
  }

  /** Stops the session if this engine started it; waits for one that is just starting. */
  @Override
  public void close() {
    CompletableFuture<SparkSessions> started = starting;
    if (started != null && !started.isCompletedExceptionally()) {
      started.join().close();
    }
  }

  /** Opens the sessions once, when the first step needs them. */
  private static final class LazySessions {

    private final java.util.function.Supplier<Sessions> opener;
    private @Nullable Sessions opened;

    LazySessions(java.util.function.Supplier<Sessions> opener) {
      this.opener = opener;
    }

    synchronized Sessions open() {
      Sessions now = opened;
      if (now == null) {
        now = opener.get();
        opened = now;
      }
      return now;
    }
  }
}
