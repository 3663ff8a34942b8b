package io.mlpipeline.spark;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.Names;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.Registered;
import io.mlpipeline.port.Staged;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.spark.ml.ModelFiles;
import io.mlpipeline.spark.table.LeftOut;
import io.mlpipeline.spark.table.QuarantineRows;
import io.mlpipeline.spark.table.TableStager;
import io.mlpipeline.step.Registration;
import io.mlpipeline.step.StepOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Stages everything that one attempt returned, after checking that it is what was declared. */
final class AttemptOutput {

  private final SparkSession spark;
  private final AttemptCall call;
  private final String warehouseUri;
  private final AttemptContext context;
  private final TableStager stager;
  private final LeftOut leftOut;
  private final Map<String, Dataset<Row>> sources = new HashMap<>();

  AttemptOutput(
      SparkSession spark,
      AttemptCall call,
      String warehouseUri,
      AttemptContext context,
      LeftOut leftOut) {
    this.spark = spark;
    this.call = call;
    this.warehouseUri = warehouseUri;
    this.context = context;
    this.leftOut = leftOut;
    this.stager = new TableStager(warehouseUri, call.attempt());
  }

  Staged stage(StepOutput output) {
    checkPorts(output);
    output.tables().forEach((port, rows) -> checkRows("the table at port " + port, rows));
    output.aside().forEach(this::checkAside);
    output.quarantined().forEach((port, rows) -> checkHandedOver(output, port, rows));
    output.accounts().keySet().forEach(port -> checkHasTable(output, port, "an account"));
    output.signatures().keySet().forEach(port -> checkHasModel(output, port));
    List<StagedTable> tables = new ArrayList<>();
    List<StagedModel> models = new ArrayList<>();
    List<StagedTable> apart = new ArrayList<>();
    List<Registered> registered = new ArrayList<>();
    try {
      for (OutputSpec spec : call.step().outputs()) {
        Dataset<Row> rows = output.tables().get(spec.port());
        if (rows != null) {
          PartitionWork work = spec.isByPartition() ? call.partitions() : null;
          Dataset<Row> asked =
              work == null ? rows : AskedPartitions.withoutContext(rows, call.step(), spec, work);
          Dataset<Row> own = withoutSource(asked, spec);
          leftOut.note(spec.name(), own.schema(), spec.schema());
          StagedTable table = stager.stage(own, spec, call.pipeline() + "/" + spec.name());
          tables.add(table);
          if (work != null) {
            AskedPartitions.check(table, work);
          }
          handOver(output, table).ifPresent(apart::add);
        } else if (output.registrations().containsKey(spec.port())) {
          registered.add(registered(output, spec));
        } else {
          models.add(model(output, spec));
        }
      }
      return new Staged(tables, models, metrics(output), apart, output.accounts(), registered);
    } catch (Throwable e) { // Spark throws checked exceptions that it does not declare
      tables.forEach(table -> stager.discard(spark, table));
      apart.forEach(table -> stager.discard(spark, table));
      throw e;
    }
  }

  /** The column that only says where a row was read is not published, unless it is agreed on. */
  private Dataset<Row> withoutSource(Dataset<Row> rows, OutputSpec spec) {
    SchemaSpec contract = spec.schema();
    boolean agreed =
        contract != null
            && contract.columns().stream().anyMatch(c -> c.name().equals(StepOutput.SOURCE_FILE));
    if (agreed || !Arrays.asList(rows.columns()).contains(StepOutput.SOURCE_FILE)) {
      return rows;
    }
    sources.put(spec.port(), rows);
    return rows.drop(StepOutput.SOURCE_FILE);
  }

  /** The rows of a port with the column that says where each was read; null if it had none. */
  @Nullable Dataset<Row> source(String port) {
    return sources.get(port);
  }

  private Optional<StagedTable> handOver(StepOutput output, StagedTable table) {
    Dataset<Row> rows = output.quarantined().get(table.port());
    if (rows == null) {
      return Optional.empty();
    }
    StructType columns = (StructType) DataType.fromJson(table.schemaJson());
    StagedTable empty = QuarantineRows.table(table.port(), table.name(), columns, call);
    return Optional.of(
        stager.write(QuarantineRows.of(QuarantineRows.handedOver(rows), columns, call), empty));
  }

  private void checkHandedOver(StepOutput output, String port, Dataset<Row> rows) {
    checkHasTable(output, port, "rows for a quarantine");
    checkRows("the rows for the quarantine at port " + port, rows);
  }

  private void checkHasTable(StepOutput output, String port, String what) {
    if (!output.tables().containsKey(port)) {
      throw failed("gave " + what + " at port " + port + ", and no table");
    }
  }

  private void checkHasModel(StepOutput output, String port) {
    if (!output.models().containsKey(port)) {
      throw failed("gave a signature at port " + port + ", and no model");
    }
  }

  private Registered registered(StepOutput output, OutputSpec spec) {
    Registration wanted = Objects.requireNonNull(output.registrations().get(spec.port()));
    ModelManifest manifest = context.manifest(wanted.modelPort());
    Evidence evidence = wanted.evidence();
    if (evidence != null && !evidence.digest().equals(manifest.digest())) {
      throw failed("registers the model at " + wanted.modelPort() + " with evidence of another");
    }
    context.keepTrainingProfile(wanted.modelPort(), manifest);
    return new Registered(spec.port(), spec.name(), manifest, evidence);
  }

  private StagedModel model(StepOutput output, OutputSpec spec) {
    MLWritable model = output.models().get(spec.port());
    if (model != null) {
      String uri = String.join("/", "_ml/models", call.pipeline(), spec.name(), call.attempt());
      return ModelFiles.write(
              model, spec.port(), spec.name(), warehouseUri, uri, call.modelClasses())
          .with(output.signatures().get(spec.port()));
    }
    ModelManifest same = context.manifest(String.valueOf(output.sameModels().get(spec.port())));
    return new StagedModel(
        spec.port(), spec.name(), same.uri(), same.digest(), same.files(), same.signature());
  }

  private SortedMap<String, Double> metrics(StepOutput output) {
    SortedMap<String, Double> metrics = new TreeMap<>(output.metrics());
    output
        .aside()
        .forEach(
            (name, rows) -> {
              String uri =
                  String.join("/", "_ml/runs", call.run(), call.step().name(), "aside", name);
              metrics.put(name + "_rows", (double) stager.keepAside(rows, uri));
            });
    return metrics;
  }

  private void checkPorts(StepOutput output) {
    Set<String> returned = new TreeSet<>(output.tables().keySet());
    for (Set<String> more :
        List.of(
            output.models().keySet(),
            output.sameModels().keySet(),
            output.registrations().keySet())) {
      for (String port : more) {
        if (!returned.add(port)) {
          throw failed("returned two things at its output port " + port);
        }
      }
    }
    List<String> missing = new ArrayList<>();
    for (OutputSpec spec : call.step().outputs()) {
      if (!returned.remove(spec.port())) {
        missing.add(spec.port());
      }
    }
    if (!missing.isEmpty()) {
      throw failed("returned nothing at its output port " + String.join(", ", missing));
    }
    if (!returned.isEmpty()) {
      throw failed(
          "returned something at port "
              + String.join(", ", returned)
              + ", which the pipeline does not publish: declare it under outputs");
    }
  }

  private void checkAside(String name, Dataset<Row> rows) {
    if (!Names.isValid(name)) {
      throw failed("keeps rows aside as '" + name + "': use small letters, digits and _");
    }
    checkRows("what is kept aside as " + name, rows);
  }

  /** Rows of another session were computed under settings that nobody recorded. */
  private void checkRows(String what, Dataset<Row> rows) {
    if (rows.sparkSession() != spark) {
      throw failed("made " + what + " in another SparkSession: use the one of context.spark()");
    }
  }

  private EngineException failed(String problem) {
    return new EngineException(ErrorType.STEP_FAILED, "step " + call.step().name() + " " + problem);
  }
}
