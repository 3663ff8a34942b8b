package io.mlpipeline;

import io.mlpipeline.mlflow.MlflowMirror;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.Sampling;
import io.mlpipeline.port.Fence;
import io.mlpipeline.port.LeaseStore;
import io.mlpipeline.port.PromotionRules;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.port.Sessions;
import io.mlpipeline.run.Backend;
import io.mlpipeline.run.Lease;
import io.mlpipeline.run.Leases;
import io.mlpipeline.run.PlanResolver;
import io.mlpipeline.run.Replay;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.run.Runner;
import io.mlpipeline.run.Waiting;
import io.mlpipeline.spark.SampledRows;
import io.mlpipeline.spark.SparkOptions;
import io.mlpipeline.spark.SparkSessions;
import io.mlpipeline.spark.SparkTriage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

  /** How long Spark has to stop if somebody wants to be gone. */
  private static final Duration MOMENT = Duration.ofSeconds(2);

  private final @Nullable SparkSession given;
  private final SparkOptions sparkOptions;
  private @Nullable CompletableFuture<SparkSessions> starting;
  private volatile @Nullable Going current;
  private volatile boolean hurries;

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
              sparkOptions,
              warehouse.uri(),
              warehouse.tables(),
              warehouse.models(),
              warehouse.gates(),
              warehouse.ledger())
          .knowing(warehouse.registry());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /**
   * Plans and runs. What goes wrong in a step is in the report; what is wrong with the request, the
   * pipeline or the environment is thrown, and so is {@code LEASE_HELD} if another run of this
   * pipeline goes on.
   */
  public RunReport run(
      Planning planning, RunRequest request, RunOptions options, RunListener listener)
      throws InterruptedException {
    return run(planning, request, options, Waiting.NONE, listener);
  }

  /** The same, waiting for another run of this pipeline to end; the plan is made after that. */
  public RunReport run(
      Planning planning,
      RunRequest request,
      RunOptions options,
      Waiting waiting,
      RunListener listener)
      throws InterruptedException {
    GateChecks.check(planning.spec());
    Going going = new Going();
    hurries = false;
    current = going;
    Asked asked = new Asked(planning, request, options, listener);
    try {
      Leases leases = leases(planning, going);
      LeaseStore.Seen before = leases.look(planning.spec().name());
      PlanResolver.Resolved resolved = planning.plan(request);
      RunId run = Wiring.newRun(planning);
      if (resolved.plan().nothingToDo()) {
        return carryOut(asked, resolved, run, Fence.OPEN, going);
      }
      Lease lease = leases.take(Wiring.claim(planning, run.value()), waiting, listener);
      try {
        lease.before().ifPresent(LiveRuns.of(planning.warehouse())::lost);
        // Whoever held a lease in between may have published what this plan does not know.
        PlanResolver.Resolved now = lease.follows(before) ? resolved : planning.plan(request);
        return carryOut(asked, now, run, lease, going);
      } finally {
        release(lease, going);
      }
    } finally {
      current = null;
    }
  }

  private static Leases leases(Planning planning, Going going) {
    return Wiring.leases(planning.warehouse(), planning.options().clock(), going::sleep);
  }

  private static void release(Lease lease, Going going) {
    if (going.isLeftBehind()) {
      lease.leave();
    } else {
      lease.close();
    }
  }

  /** What was asked of a run. */
  private record Asked(
      Planning planning, RunRequest request, RunOptions options, RunListener listener) {}

  private RunReport carryOut(
      Asked asked, PlanResolver.Resolved resolved, RunId run, Fence fence, Going going)
      throws InterruptedException {
    Planning planning = asked.planning();
    Warehouse warehouse = planning.warehouse();
    ClassLoader steps = StepJars.loader(planning.jars());
    LazySessions sessions = new LazySessions(() -> open(planning, going));
    Backend backend =
        Wiring.backend(
                warehouse, planning.options().clock(), sessions::open, new SparkTriage(), steps)
            .behind(fence);
    SortedMap<String, String> facts = RunFacts.full(planning.options());
    facts.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    facts.putAll(RunFacts.ofPlan(planning, asked.request(), resolved));
    if (asked.options().chunk() > 0) {
      facts.put("cause", "backfill");
    }
    Runner runner =
        new Runner(
            backend,
            Wiring.context(planning, run, facts, asked.listener()),
            asked.options(),
            planning.resolver(asked.request()));
    going.begins(runner);
    RunReport report;
    try {
      report = runner.run(resolved);
    } finally {
      if (!going.isStopped()) { // who stopped it does not want to wait; the next run folds
        fold(warehouse);
      }
    }
    MlflowMirror.show(planning.spec(), report, facts);
    return report;
  }

  /**
   * Sends the rows of a dataset's quarantine through its gate of now once more.
   *
   * @param corrected a file or directory of corrected rows; null to judge the rows as they are
   * @throws io.mlpipeline.model.EngineException {@code LEASE_HELD} if the pipeline is being run
   */
  public Replay.Result replay(Planning planning, String dataset, @Nullable String corrected) {
    GateChecks.check(planning.spec());
    RunId run = Wiring.newRun(planning);
    try (Lease lease =
        leases(planning, new Going())
            .take(Wiring.claim(planning, run.value()), Waiting.NONE, new RunListener() {})) {
      lease.before().ifPresent(LiveRuns.of(planning.warehouse())::lost);
      return replay(planning, dataset, corrected, run, lease);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorType.CANCELLED, "the replay was stopped before it began", e);
    }
  }

  private Replay.Result replay(
      Planning planning, String dataset, @Nullable String corrected, RunId run, Lease lease) {
    Warehouse warehouse = planning.warehouse();
    List<PinnedInput> inputs =
        planning.plan(RunRequest.ALL).plan().decisions().stream()
            .filter(d -> d.step().outputs().stream().anyMatch(o -> o.name().equals(dataset)))
            .flatMap(d -> d.inputs().stream())
            .toList();
    Backend backend =
        Wiring.backend(
                warehouse,
                planning.options().clock(),
                () -> sessions(warehouse),
                new SparkTriage(),
                Engine.class.getClassLoader())
            .behind(lease);
    SortedMap<String, String> facts = RunFacts.full(planning.options());
    Replay replay = new Replay(backend, Wiring.context(planning, run, facts, new RunListener() {}));
    try {
      return replay.replay(dataset, inputs, corrected);
    } finally {
      fold(warehouse);
    }
  }

  /**
   * Stops the run that goes on, if any, or what is run beside; from any thread. What is being
   * published is finished, and the run ends with its last step.
   */
  public void cancel() {
    stop(null);
  }

  /**
   * Stops the run that goes on likewise, and ends it without the steps that have not ended after
   * that while: for a process that exits then.
   */
  public void cancelWithin(Duration patience) {
    stop(patience);
  }

  private void stop(@Nullable Duration patience) {
    hurries = true;
    Going going = current;
    if (going != null) {
      going.stop(patience);
    }
  }

  /**
   * A first contract from files, as the text of a schema file.
   *
   * @param path the files, absolute or a URI
   * @param format {@code csv}, {@code json}, {@code parquet} or {@code orc}
   * @param name the contract's name with its version
   */
  public String inferSchema(Warehouse warehouse, String path, String format, String name) {
    SparkSession session = sessions(warehouse).newSession();
    return GateTrials.told(() -> SchemaInference.text(session, path, format, name));
  }

  /** Where gates are tried out on what the warehouse holds, or on files; good until this closes. */
  public GateTrials trials(Warehouse warehouse) {
    return new GateTrials(warehouse, sessions(warehouse));
  }

  /** Evaluates rules of promotions; good until this closes. */
  public PromotionRules promotionRules(Warehouse warehouse) {
    return sessions(warehouse).promotionRules();
  }

  private Sessions open(Planning planning, Going going) {
    Sampling sampling = planning.sampling();
    SparkSessions sessions = sessions(planning.warehouse(), going);
    sessions.addJars(planning.jars());
    return sampling == null
        ? sessions
        : over(planning.warehouse(), sessions.newSession()).reading(new SampledRows(sampling));
  }

  /** Sessions over a warehouse, for what works beside runs; good until this closes. */
  public SparkSessions sessions(Warehouse warehouse) {
    return sessions(warehouse, new Going());
  }

  /** Sessions over a warehouse, on an application that runs already. */
  public static SparkSessions over(Warehouse warehouse, SparkSession session) {
    return SparkSessions.within(
            session,
            warehouse.uri(),
            warehouse.tables(),
            warehouse.models(),
            warehouse.gates(),
            warehouse.ledger())
        .knowing(warehouse.registry());
  }

  /** Does something that {@link #cancelWithin} stops as it stops a run. */
  public <T> T stoppable(Function<Going, T> work) {
    Going going = new Going();
    hurries = false;
    current = going;
    try {
      return work.apply(going);
    } finally {
      current = null;
    }
  }

  /** Sessions over a warehouse; who waits for Spark is let go when that is stopped. */
  public SparkSessions sessions(Warehouse warehouse, Going going) {
    SparkSession session = given;
    if (session != null) {
      return over(warehouse, session);
    }
    warmUp(warehouse);
    try {
      return going.await(Objects.requireNonNull(starting));
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
    try {
      warehouse.foldRegistry();
    } catch (RuntimeException e) {
      LOG.warn("the registry's events are not in its table yet: {}", e.getMessage());
    }
  }

  /**
   * Stops the session if this engine started it, one that is just starting included. After
   * something was stopped that has a moment only: it goes on beside the caller then, and ends with
   * the process at the latest.
   */
  @Override
  public void close() {
    CompletableFuture<SparkSessions> started = starting;
    if (started == null || started.isCompletedExceptionally()) {
      return;
    }
    if (hurries) {
      started
          .thenAcceptAsync(SparkSessions::close)
          .completeOnTimeout(null, MOMENT.toMillis(), TimeUnit.MILLISECONDS)
          .exceptionally(e -> null)
          .join();
    } else {
      started.join().close();
    }
  }
}
