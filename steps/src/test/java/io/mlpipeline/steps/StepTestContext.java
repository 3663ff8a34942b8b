package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Freshness;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Provenance;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.step.BoundModel;
import io.mlpipeline.step.Distance;
import io.mlpipeline.step.RawFiles;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.testkit.TestSpark;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A step's context over tables and models in memory; a model's name is its port plus "_model". */
public final class StepTestContext implements StepContext {

  private final SortedMap<String, Dataset<Row>> tables = new TreeMap<>();
  private final SortedMap<String, Transformer> models = new TreeMap<>();

  public static StepTestContext of(String port, Dataset<Row> rows) {
    return new StepTestContext().with(port, rows);
  }

  public StepTestContext with(String port, Dataset<Row> rows) {
    tables.put(port, rows);
    return this;
  }

  public StepTestContext with(String port, Transformer model) {
    models.put(port, model);
    return this;
  }

  @Override
  public SparkSession spark() {
    return TestSpark.session();
  }

  @Override
  public Dataset<Row> input(String port) {
    return Optional.ofNullable(tables.get(port)).orElseThrow(() -> unbound(port));
  }

  @Override
  public SortedMap<String, Dataset<Row>> inputs() {
    return tables;
  }

  @Override
  public RawFiles files(String port) {
    throw unbound(port);
  }

  @Override
  public Optional<RawFiles> findFiles(String port) {
    return Optional.empty();
  }

  @Override
  public Optional<Freshness> freshness(String port) {
    return Optional.empty();
  }

  @Override
  public Optional<SchemaSpec> inputSchema(String port) {
    return Optional.empty();
  }

  @Override
  public Transformer model(String port) {
    return Optional.ofNullable(models.get(port)).orElseThrow(() -> unbound(port));
  }

  @Override
  public BoundModel boundModel(String port) {
    return new BoundModel(port + "_model", "m1:" + model(port).uid());
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
    models.keySet().forEach(port -> names.put(port, port + "_model"));
    return names;
  }

  @Override
  public SortedMap<String, OutputSpec> outputs() {
    return java.util.Collections.emptySortedMap();
  }

  @Override
  public Optional<OutputSpec> output(String port) {
    return Optional.empty();
  }

  @Override
  public Logger log() {
    return LoggerFactory.getLogger("step");
  }

  private static EngineException unbound(String port) {
    return new EngineException(ErrorType.CONFIG_INVALID, "port " + port + " is not bound");
  }
}
