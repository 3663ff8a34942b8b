package io.mlpipeline.spark;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Freshness;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.MaxAge;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.Provenance;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.spark.gate.FileStatistics;
import io.mlpipeline.spark.ml.ModelFiles;
import io.mlpipeline.spark.table.LeftOut;
import io.mlpipeline.spark.table.Schemas;
import io.mlpipeline.spark.table.SourceReader;
import io.mlpipeline.step.BoundModel;
import io.mlpipeline.step.Distance;
import io.mlpipeline.step.RawFiles;
import io.mlpipeline.step.RowSample;
import io.mlpipeline.step.RowsNeededException;
import io.mlpipeline.step.StepContext;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a step is given; every input is read at its pin, and at most once looked up. */
final class AttemptContext implements StepContext {

  private final SparkSession spark;
  private final AttemptCall call;
  private final String warehouseUri;
  private final PinnedTables pinned;
  private final ModelStore models;
  private final LeftOut leftOut;
  private final AttemptPorts ports;
  private @Nullable TrainingProfiles training;
  private StandIns standIns = StandIns.NONE;
  private final Map<String, Dataset<Row>> read = new HashMap<>();

  AttemptContext(
      SparkSession spark,
      AttemptCall call,
      String warehouseUri,
      TableLog tables,
      ModelStore models,
      LeftOut leftOut) {
    this.spark = spark;
    this.call = call;
    this.warehouseUri = warehouseUri;
    this.pinned = new PinnedTables(spark, call, tables);
    this.models = models;
    this.leftOut = leftOut;
    this.ports = new AttemptPorts(call);
  }

  @Override
  public SparkSession spark() {
    return spark;
  }

  @Override
  public Dataset<Row> input(String port) {
    Dataset<Row> rows = read.get(port);
    if (rows == null) {
      PinnedInput input = ports.pinned(port);
      rows = standIns.rows(spark, input.dataset(), () -> load(input));
      read.put(port, rows);
    }
    return rows;
  }

  /** From now on other rows are read in the place of what is published. */
  void standIn(StandIns others) {
    standIns = others;
  }

  /** From now on the input at this port has these rows. */
  void replace(String port, Dataset<Row> rows) {
    read.put(port, rows);
  }

  private Dataset<Row> load(PinnedInput input) {
    OutputVersion output = input.output();
    if (output != null) {
      if (output.kind() == OutputKind.MODEL) {
        throw ports.wrong(input.port(), "is bound to a model: use context.model()");
      }
      return pinned.rows(input.port(), output.uri(), output.version());
    }
    PinnedSource source = Objects.requireNonNull(input.source());
    if (source.kind() == InputKind.MODEL) {
      throw ports.wrong(input.port(), "is bound to a model: use context.model()");
    }
    if (source.kind() == InputKind.TABLE) {
      Dataset<Row> rows = pinned.rows(input.port(), source.uri(), source.version());
      InputSpec spec = source(input.dataset());
      SchemaSpec contract = spec == null ? null : spec.schema();
      return fresh(
          input,
          contract == null ? rows : SourceReader.fit(rows, input.dataset(), contract, leftOut));
    }
    return fresh(input, SourceReader.read(spark, ports.spec(input), source, leftOut));
  }

  private Dataset<Row> fresh(PinnedInput input, Dataset<Row> rows) {
    freshness(input.port()).ifPresent(asked -> FreshRows.check(rows, asked));
    return rows;
  }

  @Override
  public Optional<SortedSet<String>> partitions() {
    return Optional.ofNullable(call.partitions()).map(PartitionWork::asked);
  }

  /** What the files of an input say of its rows; nothing where it is no table or is read anew. */
  FileStatistics statistics(String port) {
    PinnedSource source = ports.pinned(port).source();
    boolean isTable = source != null && source.kind() == InputKind.TABLE;
    if (source == null || !isTable || !standIns.isWhole(source.dataset())) {
      return FileStatistics.NONE;
    }
    if (pinned.isPartial(port)) {
      return FileStatistics.NONE;
    }
    TableLog.Snapshot snapshot = pinned.snapshot(source.uri(), source.version());
    boolean isAsStored =
        Schemas.isWithin(input(port).schema(), Schemas.parse(snapshot.schemaJson()));
    return isAsStored ? FileStatistics.of(snapshot) : FileStatistics.NONE;
  }

  @Override
  public SortedMap<String, Dataset<Row>> inputs() {
    SortedMap<String, Dataset<Row>> all = new TreeMap<>();
    for (PinnedInput input : call.inputs()) {
      if (!input.isModel() && !input.isOfGate()) {
        all.put(input.port(), input(input.port()));
      }
    }
    return all;
  }

  @Override
  public RawFiles files(String port) {
    return findFiles(port)
        .orElseThrow(
            () -> ports.wrong(port, "is bound to rows, not to files: use context.input()"));
  }

  @Override
  public Optional<RawFiles> findFiles(String port) {
    PinnedInput input = ports.pinned(port);
    PinnedSource source = input.source();
    if (source == null || source.kind() != InputKind.FILES) {
      return Optional.empty();
    }
    InputSpec spec = ports.spec(input);
    if (!spec.gate().rules(Severity.QUARANTINE).isEmpty()) {
      throw ports.wrong(
          port,
          "is read as files, from which no row can be set apart: put the quarantine rules of input "
              + spec.name()
              + " on the output that is made of it");
    }
    String format = Objects.requireNonNull(spec.format());
    return Optional.of(new RawFiles(format, spec.options(), source.files()));
  }

  @Override
  public Optional<RowSample> sample(String port) {
    return standIns.sample(ports.pinned(port).dataset());
  }

  @Override
  public Optional<Freshness> freshness(String port) {
    PinnedInput input = ports.pinned(port);
    InputSpec spec = input.source() == null ? null : source(input.dataset());
    MaxAge maxAge = spec == null ? null : spec.maxAge();
    if (maxAge == null || maxAge.column() == null) {
      return Optional.empty();
    }
    Instant start = new RunId(call.run()).start();
    return Optional.of(new Freshness(input.dataset(), maxAge.column(), maxAge.duration(), start));
  }

  @Override
  public Optional<SchemaSpec> inputSchema(String port) {
    PinnedInput input = ports.pinned(port);
    return input.source() == null
        ? Optional.empty()
        : Optional.ofNullable(ports.spec(input).schema());
  }

  @Override
  public Transformer model(String port) {
    return ModelFiles.load(spark, warehouseUri, manifest(port), call.modelClasses());
  }

  @Override
  public BoundModel boundModel(String port) {
    return new BoundModel(ports.pinned(port).dataset(), ports.modelAt(port).identity());
  }

  /** From now on models can be asked what they learned from. */
  void ask(TrainingProfiles profiles) {
    training = profiles;
  }

  /** What a registered model learned from is profiled while it is there. */
  void keepTrainingProfile(String port, ModelManifest manifest) {
    TrainingProfiles profiles = training;
    ModelSignature signature = manifest.signature();
    if (profiles != null && signature != null) {
      profiles.keep(port, signature.inputs().stream().map(ModelSignature.Field::name).toList());
    }
  }

  @Override
  public String run() {
    return call.run();
  }

  @Override
  public Optional<Provenance> provenance(String port) {
    return Optional.ofNullable(call.provenance().get(ports.pinned(port).port()));
  }

  @Override
  public Optional<SortedMap<String, Distance>> distances(
      String rowsPort, String modelPort, List<String> columns) {
    PinnedInput rows = ports.pinned(rowsPort);
    return training == null
        ? Optional.empty()
        : training.distances(input(rowsPort), rows.dataset(), rows.identity(), modelPort, columns);
  }

  @Override
  public Optional<ModelSignature> signature(String port) {
    return Optional.ofNullable(manifest(port).signature());
  }

  @Override
  public String inputIdentity(String port) {
    return ports.pinned(port).identity();
  }

  /** The manifest of the model that an input port is bound to, of this pipeline or another. */
  ModelManifest manifest(String port) {
    PinnedInput input = ports.modelAt(port);
    Optional<String> absence = standIns.findAbsence(input.dataset());
    if (absence.isPresent()) {
      throw new RowsNeededException(absence.get());
    }
    PinnedSource source = input.source();
    String place =
        source != null
            ? source.uri()
            : call.pipeline() + "/" + Objects.requireNonNull(input.output()).name();
    int slash = place.indexOf('/');
    return models
        .find(place.substring(0, slash), place.substring(slash + 1), input.identity())
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorType.INPUT_GONE,
                    "model "
                        + input.dataset()
                        + " has no manifest for "
                        + input.identity()
                        + ": what "
                        + place
                        + " holds is not a whole model"));
  }

  @Override
  public SortedMap<String, String> models() {
    SortedMap<String, String> all = new TreeMap<>();
    for (PinnedInput input : call.inputs()) {
      if (input.isModel() && !input.isOfGate()) {
        all.put(input.port(), input.dataset());
      }
    }
    return all;
  }

  @Override
  public Optional<OutputSpec> output(String port) {
    return call.step().output(port);
  }

  @Override
  public SortedMap<String, OutputSpec> outputs() {
    SortedMap<String, OutputSpec> all = new TreeMap<>();
    call.step().outputs().forEach(output -> all.put(output.port(), output));
    return all;
  }

  @Override
  public Logger log() {
    return LoggerFactory.getLogger("io.mlpipeline.step." + call.step().name());
  }

  /** What the pipeline says of an external input; null if it is none. */
  @Nullable InputSpec source(String dataset) {
    return ports.source(dataset);
  }
}
