package io.mlpipeline.steps.score;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.Provenance;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.steps.MlColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Rows as one model scores them. */
final class ScoredRows {

  static final String PREDICTION = "prediction";
  static final String PROBABILITY = "probability";
  private static final String LABEL = "predicted_label";
  private static final List<String> MADE_BY_MODELS =
      List.of("rawPrediction", PROBABILITY, PREDICTION, LABEL);
  private static final List<String> OURS = List.of("model", "served_by", "features", "_run");

  private final StepContext context;
  private final Score.Params params;
  private final Transformer model;
  private final String label;
  private final String servedBy;

  private ScoredRows(
      StepContext context, Score.Params params, Transformer model, String label, String servedBy) {
    this.context = context;
    this.params = params;
    this.model = model;
    this.label = label;
    this.servedBy = servedBy;
  }

  /** Checks the rows' columns against the model's signature, then loads it. */
  static ScoredRows of(StepContext context, Score.Params params, String port, String servedBy) {
    StructType schema = context.input("rows").schema();
    if (params.key().isEmpty()) {
      throw Score.invalid("param key is empty: name the columns that name a row");
    }
    params.key().forEach(column -> MlColumns.find(schema, "key", column));
    params.keep().forEach(column -> checkKept(schema, column));
    String label =
        context
            .provenance(port)
            .map(Provenance::label)
            .orElseGet(() -> context.boundModel(port).name());
    context.signature(port).ifPresent(signature -> check(schema, signature, label));
    return new ScoredRows(context, params, context.model(port), label, servedBy);
  }

  private static void checkKept(StructType schema, String column) {
    MlColumns.find(schema, "keep", column);
    if (MADE_BY_MODELS.contains(column) || OURS.contains(column)) {
      throw Score.invalid(
          "param keep names " + column + ", which is a column of the scores themselves");
    }
  }

  private static void check(StructType schema, ModelSignature signature, String label) {
    for (ModelSignature.Field wanted : signature.inputs()) {
      Optional<StructField> found =
          Arrays.stream(schema.fields())
              .filter(field -> field.name().equalsIgnoreCase(wanted.name()))
              .findFirst();
      if (found.isEmpty()) {
        throw broken(
            "the rows have no column "
                + wanted.name()
                + " ("
                + wanted.type()
                + "), which "
                + label
                + " needs; they have "
                + String.join(", ", schema.fieldNames()));
      }
      String type = found.get().dataType().simpleString();
      if (!type.equals(wanted.type())) {
        throw broken(
            "column "
                + wanted.name()
                + " of the rows is "
                + type
                + "; "
                + label
                + " was trained with "
                + wanted.type()
                + ": cast it in a step before, or train anew");
      }
    }
  }

  private static EngineException broken(String message) {
    return new EngineException(ErrorType.CONTRACT_BROKEN, message);
  }

  /** The model, for people. */
  String label() {
    return label;
  }

  List<Column> keys() {
    return params.key().stream().map(MlColumns::named).toList();
  }

  /** What becomes of these rows, a row each. */
  Dataset<Row> scores(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    params.key().forEach(name -> columns.add(named(name)));
    params.keep().forEach(name -> columns.add(named(name)));
    Dataset<Row> scored = transform(rows);
    columns.addAll(said(scored, ""));
    columns.add(lit(label).as("model"));
    columns.add(lit(servedBy).as("served_by"));
    columns.add(lit(features()).as("features"));
    columns.add(lit(context.run()).as("_run"));
    return scored.select(columns.toArray(Column[]::new));
  }

  /** The rows with what the model says of each in columns of their own, named with this prefix. */
  Dataset<Row> beside(Dataset<Row> rows, String prefix) {
    Dataset<Row> scored = transform(rows);
    List<Column> columns = new ArrayList<>();
    for (String column : rows.columns()) {
      columns.add(MlColumns.named(column));
    }
    columns.addAll(said(scored, prefix));
    return scored.select(columns.toArray(Column[]::new));
  }

  private Dataset<Row> transform(Dataset<Row> rows) {
    return model.transform(rows.drop(MADE_BY_MODELS.toArray(String[]::new)));
  }

  private static List<Column> said(Dataset<Row> scored, String prefix) {
    List<String> there = Arrays.asList(scored.columns());
    if (!there.contains(PREDICTION)) {
      throw new EngineException(
          ErrorType.STEP_FAILED,
          "the model adds no column prediction; it adds " + String.join(", ", there));
    }
    List<Column> said = new ArrayList<>();
    Column prediction = MlColumns.named(PREDICTION).cast("double");
    said.add(prediction.as(prefix + PREDICTION));
    if (there.contains(LABEL)) {
      said.add(MlColumns.named(LABEL).as(prefix + LABEL));
    }
    if (there.contains(PROBABILITY)) {
      Column all = vector_to_array(MlColumns.named(PROBABILITY), "float64");
      Column one =
          when(size(all).equalTo(2), all.getItem(1))
              .otherwise(element_at(all, prediction.cast("int").plus(1)));
      said.add(one.as(prefix + PROBABILITY));
    }
    return said;
  }

  private String features() {
    return context
        .provenance("rows")
        .map(Provenance::label)
        .orElseGet(() -> context.inputIdentity("rows"));
  }

  private Column named(String column) {
    return MlColumns.named(MlColumns.find(context.input("rows").schema(), "key", column).name());
  }
}
