package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.TrainClassifier.Algorithm;
import io.mlpipeline.steps.TrainClassifier.Params;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * From raw columns to one vector. Few stages, because each is saved and loaded by Spark jobs of its
 * own: SQL casts and fills, so that no separate imputer is needed.
 */
final class FeatureStages {

  static final String FEATURES = "__features";

  private static final String MISSING = "missing";
  private static final int MOST_CATEGORIES = 10_000;

  private final List<Transformer> stages;
  private final List<String> constantColumns;

  private FeatureStages(List<Transformer> stages, List<String> constantColumns) {
    this.stages = stages;
    this.constantColumns = constantColumns;
  }

  static FeatureStages fit(TrainingRows training, Params params) {
    List<Transformer> stages = new ArrayList<>();
    List<String> inputs = new ArrayList<>(names("__number", params.numeric()));
    SQLTransformer sql = new SQLTransformer("fill").setStatement(statement(training, params));
    stages.add(sql);
    List<String> constant = new ArrayList<>(training.profile().constantColumns());
    if (!params.categorical().isEmpty()) {
      Dataset<Row> filled = sql.transform(training.rows());
      StringIndexerModel index = index(filled, params);
      stages.add(index);
      for (int i = 0; i < params.categorical().size(); i++) {
        if (index.labelsArray()[i].length == 1) {
          constant.add(params.categorical().get(i));
        }
      }
      boolean hot = params.algorithm() == Algorithm.LOGISTIC_REGRESSION;
      if (hot) {
        stages.add(encoder(params).fit(index.transform(filled)));
      }
      inputs.addAll(names(hot ? "__hot" : "__index", params.categorical()));
    }
    stages.add(
        new VectorAssembler("assemble")
            .setInputCols(inputs.toArray(String[]::new))
            .setOutputCol(FEATURES)
            .setHandleInvalid("error"));
    return new FeatureStages(List.copyOf(stages), List.copyOf(constant));
  }

  /** Features with one value, which teach nothing. */
  List<String> constantColumns() {
    return constantColumns;
  }

  /** The rows with the vector. */
  Dataset<Row> transform(Dataset<Row> rows) {
    Dataset<Row> result = rows;
    for (Transformer stage : stages) {
      result = stage.transform(result);
    }
    return result;
  }

  /** These stages and the classifier, as one model over the raw columns. */
  PipelineModel with(Transformer classifier, Dataset<Row> raw) {
    PipelineStage[] all =
        Stream.concat(stages.stream(), Stream.of(classifier)).toArray(PipelineStage[]::new);
    return new Pipeline("pipeline").setStages(all).fit(raw);
  }

  private static StringIndexerModel index(Dataset<Row> filled, Params params) {
    StringIndexerModel model =
        new StringIndexer("index")
            .setInputCols(names("__category", params.categorical()).toArray(String[]::new))
            .setOutputCols(names("__index", params.categorical()).toArray(String[]::new))
            .setStringOrderType("alphabetAsc")
            .setHandleInvalid(ClassifierParams.fold(params.handleInvalid().name()))
            .fit(filled);
    for (int i = 0; i < params.categorical().size(); i++) {
      check(params.categorical().get(i), model.labelsArray()[i], params);
    }
    return model;
  }

  private static void check(String column, String[] labels, Params params) {
    if (labels.length == 1 && labels[0].equals(MISSING)) {
      throw failed("categorical column " + column + " has no value in any row: take it out");
    }
    if (labels.length > MOST_CATEGORIES) {
      throw failed(
          "categorical column "
              + column
              + " has "
              + labels.length
              + " different values; is it a key? Group them in a step before");
    }
    int bins = FittedClassifier.maxBins(params);
    if (params.algorithm() != Algorithm.LOGISTIC_REGRESSION && labels.length + 1 > bins) {
      throw failed(
          "categorical column "
              + column
              + " has "
              + labels.length
              + " different values and one for unknown ones, but max-bins is "
              + bins
              + ": raise max-bins or group them in a step before");
    }
  }

  private static OneHotEncoder encoder(Params params) {
    return new OneHotEncoder("encode")
        .setInputCols(names("__index", params.categorical()).toArray(String[]::new))
        .setOutputCols(names("__hot", params.categorical()).toArray(String[]::new));
  }

  private static String statement(TrainingRows training, Params params) {
    StringBuilder sql = new StringBuilder("SELECT *");
    List<String> numbers = names("__number", params.numeric());
    for (int i = 0; i < numbers.size(); i++) {
      String column = params.numeric().get(i);
      sql.append(", coalesce(nanvl(cast(")
          .append(MlColumns.quoted(column))
          .append(" AS double), cast(NULL AS double)) + 0D, ")
          .append(training.profile().fill().get(column))
          .append("D) AS ")
          .append(numbers.get(i));
    }
    List<String> categories = names("__category", params.categorical());
    for (int i = 0; i < categories.size(); i++) {
      sql.append(", coalesce(cast(")
          .append(MlColumns.quoted(params.categorical().get(i)))
          .append(" AS string), '")
          .append(MISSING)
          .append("') AS ")
          .append(categories.get(i));
    }
    return sql.append(" FROM __THIS__").toString();
  }

  /** Names that MLlib can take whatever is in the column's own: it stumbles over dots. */
  private static List<String> names(String prefix, List<String> columns) {
    List<String> names = new ArrayList<>();
    for (String column : columns) {
      names.add(prefix + names.size() + "_" + column.replaceAll("[^A-Za-z0-9_]", "_"));
    }
    return names;
  }

  private static EngineException failed(String message) {
    return new EngineException(ErrorType.STEP_FAILED, message);
  }
}
