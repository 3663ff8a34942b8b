package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Freshness;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.Provenance;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.step.BoundModel;
import io.mlpipeline.step.Distance;
import io.mlpipeline.step.RawFiles;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A step's context made of maps, with a session set up as an attempt's is. */
final class MapContext implements StepContext {

  private final SparkSession spark = newSession();
  private final SortedMap<String, Dataset<Row>> inputs = new TreeMap<>();
  private final SortedMap<String, RawFiles> files = new TreeMap<>();
  private final SortedMap<String, SchemaSpec> schemas = new TreeMap<>();
  private final SortedMap<String, Transformer> models = new TreeMap<>();
  private final SortedMap<String, Freshness> freshness = new TreeMap<>();
  private final SortedMap<String, OutputSpec> outputs = new TreeMap<>();

  private static SparkSession newSession() {
    SparkSession session = TestSpark.session().newSession();
    session.conf().set("spark.sql.session.timeZone", "UTC");
    session.conf().set("spark.sql.ansi.enabled", "false");
    session.conf().set("spark.sql.shuffle.partitions", "2");
    return session;
  }

  /** Brings the rows into this attempt's session, as the engine does by reading them from disk. */
  MapContext with(String port, Dataset<Row> rows) {
    inputs.put(port, spark.createDataFrame(rows.javaRDD(), rows.schema()));
    return this;
  }

  MapContext withSchema(String port, SchemaSpec schema) {
    schemas.put(port, schema);
    return this;
  }

  MapContext withFreshness(String port, Freshness asked) {
    freshness.put(port, asked);
    return this;
  }

  MapContext withOutput(String port, SchemaSpec schema, String... keys) {
    outputs.put(
        port,
        new OutputSpec(
            port, port, schema, List.of(), List.of(keys), GateSpec.OPEN, SourceLocation.UNKNOWN));
    return this;
  }

  MapContext withModel(String port, Transformer model) {
    models.put(port, model);
    return this;
  }

  MapContext withFiles(String port, String format, Map<String, String> options, Path location) {
    try (Stream<Path> found = Files.walk(location)) {
      List<PinnedFile> pinned = new ArrayList<>();
      for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
        String name =
            file.equals(location)
                ? file.getFileName().toString()
                : location.relativize(file).toString();
        pinned.add(new PinnedFile("file:" + file, name, Files.size(file), 0, "sha256:0"));
      }
      files.put(port, new RawFiles(format, new TreeMap<>(options), pinned));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public SparkSession spark() {
    return spark;
  }

  @Override
  public Dataset<Row> input(String port) {
    return bound(inputs, port);
  }

  @Override
  public SortedMap<String, Dataset<Row>> inputs() {
    return inputs;
  }

  @Override
  public RawFiles files(String port) {
    return bound(files, port);
  }

  @Override
  public Optional<RawFiles> findFiles(String port) {
    return Optional.ofNullable(files.get(port));
  }

  @Override
  public Optional<Freshness> freshness(String port) {
    return Optional.ofNullable(freshness.get(port));
  }

  @Override
  public Optional<SchemaSpec> inputSchema(String port) {
    return Optional.ofNullable(schemas.get(port));
  }

  @Override
  public Transformer model(String port) {
    return bound(models, port);
  }

  @Override
  public BoundModel boundModel(String port) {
    return new BoundModel(port, "m1:" + model(port).uid());
  }

  @Override
  public String run() {
    return "r20260101-000000-000000";
  }

  @Override
  public Optional<Provenance> provenance(String port) {
    return Optional.empty();
  }

  @Override
  public Optional<SortedMap<String, Distance>> distances(
      String rowsPort, String modelPort, List<String> columns) {
    return Optional.empty();
  }

  @Override
  public Optional<ModelSignature> signature(String port) {
    return Optional.empty();
  }

  @Override
  public String inputIdentity(String port) {
    return "c1:" + input(port).schema().hashCode();
  }

  @Override
  public SortedMap<String, String> models() {
    SortedMap<String, String> names = new TreeMap<>();
    models.keySet().forEach(port -> names.put(port, port));
    return names;
  }

  @Override
  public Optional<OutputSpec> output(String port) {
    return Optional.ofNullable(outputs.get(port));
  }

  @Override
  public SortedMap<String, OutputSpec> outputs() {
    return outputs;
  }

  @Override
  public Logger log() {
    return LoggerFactory.getLogger(MapContext.class);
  }

  private static <V> V bound(SortedMap<String, V> values, String port) {
    V value = values.get(port);
    if (value == null) {
      throw new EngineException(ErrorType.CONFIG_INVALID, "port " + port + " is not bound");
    }
    return value;
  }
}
