package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Scores rows, and says which columns a model needs where they are not there. */
final class ModelColumns {

  private static final List<String> READ =
      List.of("inputCol", "inputCols", "featuresCol", "userCol", "itemCol");

  private ModelColumns() {}

  /**
   * The rows with what the model says. None is lost: a recommender that drops whom it does not know
   * is made to say NaN.
   */
  static Dataset<Row> score(EvaluatedModel model, Dataset<Row> rows) {
    try {
      return keepingAll(model.model()).transform(rows);
    } catch (Exception e) {
      Set<String> missing = missing(model.model(), rows.schema());
      if (missing.isEmpty()) {
        throw e;
      }
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "model "
              + model.described()
              + " needs columns that the rows do not have: "
              + String.join(", ", missing)
              + (model.isChampion()
                  ? "; add them to the holdout, so that both models are measured on the same rows,"
                      + " or leave the champion out, and there is no gain to promote by"
                  : "; add them to the holdout"),
          e);
    }
  }

  private static Transformer keepingAll(Transformer model) {
    return ModelTasks.predictor(model)
        .filter(ALSModel.class::isInstance)
        .map(als -> model.copy(new ParamMap().put(((ALSModel) als).coldStartStrategy().w("nan"))))
        .orElse(model);
  }

  /** The columns that the model reads and neither the rows have nor it makes itself. */
  private static Set<String> missing(Transformer model, StructType rows) {
    Set<String> missing = new TreeSet<>();
    StructType schema = rows;
    try {
      for (Transformer stage : stages(model)) {
        for (String column : read(stage)) {
          schema = with(schema, column, missing);
        }
        schema = after(stage, schema, missing);
      }
    } catch (Exception e) {
      // Made-up types may not fit; what was found missing until here is worth saying.
      return missing;
    }
    return missing;
  }

  private static StructType after(Transformer stage, StructType before, Set<String> missing) {
    try {
      return stage.transformSchema(before);
    } catch (Exception e) {
      Optional<String> column = unresolved(e).filter(name -> !missing.contains(name));
      if (column.isEmpty()) {
        throw e;
      }
      return after(stage, with(before, column.get(), missing), missing);
    }
  }

  /** The schema with the column, which is noted as missing if it was not there. */
  private static StructType with(StructType schema, String column, Set<String> missing) {
    if (Arrays.stream(schema.fieldNames()).anyMatch(column::equalsIgnoreCase)) {
      return schema;
    }
    missing.add(column);
    return schema.add(column, DataTypes.DoubleType);
  }

  private static Optional<String> unresolved(Exception e) {
    if (e instanceof AnalysisException analysis
        && String.valueOf(analysis.getErrorClass()).startsWith("UNRESOLVED_COLUMN")) {
      String name = analysis.getMessageParameters().get("objectName");
      return Optional.ofNullable(name).map(quoted -> quoted.replace("`", ""));
    }
    return Optional.empty();
  }

  private static List<String> read(Transformer stage) {
    List<String> columns = new ArrayList<>();
    for (String param : READ) {
      if (stage.hasParam(param) && stage.isDefined(stage.getParam(param))) {
        Object value = stage.getOrDefault(stage.getParam(param));
        columns.addAll(value instanceof String[] many ? List.of(many) : List.of((String) value));
      }
    }
    return columns;
  }

  /** The stages one after the other, whatever they are nested in. */
  static List<Transformer> stages(Transformer model) {
    List<Transformer> stages = new ArrayList<>();
    if (model instanceof PipelineModel pipeline) {
      for (Transformer stage : pipeline.stages()) {
        stages.addAll(stages(stage));
      }
    } else {
      stages.add(model);
    }
    return stages;
  }
}
