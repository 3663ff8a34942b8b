package io.mlpipeline.spark;

import io.mlpipeline.delta.PinnedFiles;
import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SinkSpec;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.Delivered;
import io.mlpipeline.port.GateStore;
import io.mlpipeline.port.Merged;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.Readmission;
import io.mlpipeline.port.SetApart;
import io.mlpipeline.port.Sifted;
import io.mlpipeline.port.Staged;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.spark.failure.JobWatch;
import io.mlpipeline.spark.gate.Auditor;
import io.mlpipeline.spark.sink.Delivery;
import io.mlpipeline.spark.sink.PostgresSink;
import io.mlpipeline.spark.table.LeftOut;
import io.mlpipeline.spark.table.TableMerger;
import io.mlpipeline.spark.table.TableReader;
import io.mlpipeline.spark.table.TableStager;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * One attempt on its own session: its jobs are one group, in a pool of their own, and can be
 * cancelled together. Spark's thread-local settings are made anew at every call, for the runner may
 * call from other threads than it opened from.
 */
final class SparkAttempt implements AttemptSession {

  /** What we set on the caller's thread, and give back as it was. */
  private static final List<String> THREAD_SETTINGS =
      List.of(
          "spark.scheduler.pool",
          "spark.jobGroup.id",
          "spark.job.description",
          "spark.job.interruptOnCancel");

  private final SparkSession spark;
  private final AttemptCall call;
  private final AttemptContext context;
  private final AttemptOutput output;
  private final AttemptSieve sieve;
  private final String warehouseUri;
  private final GateStore gates;
  private final Baselines baselines;
  private final LeftOut leftOut = new LeftOut();
  private final Option<SparkSession> active = SparkSession.getActiveSession();
  private final Map<String, @Nullable String> before = new HashMap<>();
  private List<SetApart> inputsApart = List.of();
  private volatile boolean cancelled;

  SparkAttempt(
      SparkSession spark,
      AttemptCall call,
      Places places,
      TableLog tables,
      ModelStore models,
      GateStore gates,
      Records records) {
    this.spark = spark;
    this.call = call;
    this.warehouseUri = places.outputs();
    this.gates = gates;
    this.context = new AttemptContext(spark, call, places.inputs(), tables, models, leftOut);
    this.context.standIn(places.standIns());
    this.baselines = new Baselines(spark, call, context, tables, records);
    this.context.ask(new TrainingProfiles(call, gates, baselines));
    this.output = new AttemptOutput(spark, call, warehouseUri, context, leftOut);
    this.sieve = new AttemptSieve(spark, call, warehouseUri);
    JobWatch.watch(spark.sparkContext(), call.attempt(), values(call));
    for (String key : THREAD_SETTINGS) {
      before.put(key, spark.sparkContext().getLocalProperty(key));
    }
  }

  private static JobWatch.Values values(AttemptCall call) {
    Stream<SchemaSpec> read = call.sources().stream().map(InputSpec::schema);
    Stream<SchemaSpec> made = call.step().outputs().stream().map(OutputSpec::schema);
    boolean isPersonal =
        Stream.concat(read, made)
            .filter(Objects::nonNull)
            .anyMatch(contract -> contract.columns().stream().anyMatch(ColumnSpec::pii));
    return isPersonal ? JobWatch.Values.PERSONAL : JobWatch.Values.SHOWN;
  }

  @Override
  public StepContext context() {
    enter();
    return context;
  }

  @Override
  public List<GateReport> auditInputs() {
    enter();
    Map<String, AttemptSieve.Input> judged = new LinkedHashMap<>();
    for (PinnedInput input : call.inputs()) {
      boolean isRead = input.source() != null && !input.isOfGate();
      InputSpec source = isRead ? context.source(input.dataset()) : null;
      if (source != null && !source.gate().isOpen()) {
        AttemptSieve.Input one = judged.get(input.dataset());
        if (one == null) {
          one =
              sieve.input(
                  context.input(input.port()),
                  context.statistics(input.port()),
                  source,
                  around(input.dataset()));
          judged.put(input.dataset(), one);
        }
        context.replace(input.port(), one.kept());
      }
    }
    inputsApart =
        judged.values().stream().map(AttemptSieve.Input::apart).filter(Objects::nonNull).toList();
    return judged.values().stream().map(AttemptSieve.Input::gate).map(leftOut::on).toList();
  }

  @Override
  public List<SetApart> inputsApart() {
    return inputsApart;
  }

  @Override
  public Staged stage(StepOutput stepOutput) {
    enter();
    Staged staged = output.stage(stepOutput);
    try {
      requireUnchanged();
    } catch (RuntimeException e) {
      staged.tables().forEach(this::discard);
      throw e;
    }
    return staged;
  }

  /** Tables and models are read by version; files may have been written to meanwhile. */
  private void requireUnchanged() {
    for (PinnedInput input : call.inputs()) {
      PinnedSource source = input.source();
      if (source != null) {
        PinnedFiles.requireUnchanged(source, spark.sparkContext()::hadoopConfiguration);
      }
    }
  }

  @Override
  public Audited audit(StagedTable table, OutputSpec spec) {
    enter();
    Audited audited =
        Auditor.audit(
            TableReader.read(spark, warehouseUri, table), table, spec, around(table.name()));
    return audited.with(leftOut.on(audited.gate()));
  }

  @Override
  public Sifted sift(StagedTable table, OutputSpec spec, List<GateRule> broken) {
    enter();
    return sieve.sift(table, spec, broken, output.source(table.port()), around(table.name()));
  }

  @Override
  public SetApart inspect(StagedTable apart, OutputSpec spec) {
    enter();
    return sieve.inspect(apart, spec.schema());
  }

  @Override
  public Merged merge(StagedTable batch, OutputSpec spec, TableLog.Snapshot current) {
    enter();
    return new TableMerger(spark, warehouseUri, call.attempt()).merge(batch, spec, current);
  }

  @Override
  public Delivered deliver(StagedTable table, OutputSpec spec, OutputVersion version) {
    enter();
    SinkSpec sink = Objects.requireNonNull(spec.sink());
    return PostgresSink.deliver(
        TableReader.read(spark, warehouseUri, table),
        new Delivery(sink, spec.keys(), version, call.run(), call.attempt()));
  }

  @Override
  public Readmission readmit(
      StagedTable current, StagedTable apart, OutputSpec spec, @Nullable String corrected) {
    enter();
    return new AttemptReplay(spark, call, warehouseUri, sieve)
        .readmit(current, apart, spec, corrected, around(spec.name()));
  }

  private AttemptGates around(String dataset) {
    return new AttemptGates(call, context, gates, baselines, dataset);
  }

  @Override
  public void discard(StagedTable table) {
    new TableStager(warehouseUri, call.attempt()).discard(spark, table);
  }

  @Override
  public void cancel() {
    cancelled = true;
    if (!spark.sparkContext().isStopped()) {
      spark.sparkContext().cancelJobGroup(call.attempt());
    }
  }

  @Override
  public void close() {
    SparkContext sc = spark.sparkContext();
    if (!sc.isStopped()) {
      before.forEach(this::setProperty);
    }
    if (active.isDefined()) {
      SparkSession.setActiveSession(active.get());
    } else {
      SparkSession.clearActiveSession();
    }
  }

  private void enter() {
    if (cancelled) {
      throw new EngineException(
          ErrorType.CANCELLED, "step " + call.step().name() + " was cancelled");
    }
    SparkContext sc = spark.sparkContext();
    if (sc.isStopped()) {
      throw new EngineException(
          ErrorType.ENVIRONMENT_INVALID,
          "the Spark application was stopped while step " + call.step().name() + " needed it");
    }
    SparkSession.setActiveSession(spark);
    String description = call.pipeline() + "/" + call.step().name();
    sc.setJobGroup(call.attempt(), description, true);
    setProperty("spark.scheduler.pool", call.attempt());
  }

  @SuppressWarnings("NullAway") // null removes the property
  private void setProperty(String key, @Nullable String value) {
    spark.sparkContext().setLocalProperty(key, value);
  }
}
