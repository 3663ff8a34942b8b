package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.ClassificationModel;
import org.apache.spark.ml.classification.OneVsRestModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;

/**
 * What a model calls its classes. Learners number them; the stages behind the learner, such as an
 * {@code IndexToString}, know the names and are asked for the name of each number.
 */
final class ModelClasses {

  private ModelClasses() {}

  /** The classes in the order of their numbers, as texts of the label. */
  static List<String> of(SparkSession spark, EvaluatedModel model, StructField label) {
    int count = count(model);
    return named(spark, model.model(), count)
        .orElseGet(
            () -> {
              if (label.dataType() instanceof NumericType) {
                return IntStream.range(0, count).mapToObj(i -> Double.toString(i)).toList();
              }
              throw new EngineException(
                  ErrorType.CONFIG_INVALID,
                  "model "
                      + model.described()
                      + " does not say which value of label "
                      + label.name()
                      + " its classes 0 to "
                      + (count - 1)
                      + " are: end it with an IndexToString stage");
            });
  }

  private static int count(EvaluatedModel model) {
    Optional<Transformer> predictor = ModelTasks.predictor(model.model());
    if (predictor.isPresent() && predictor.get() instanceof ClassificationModel<?, ?> classifier) {
      return classifier.numClasses();
    }
    if (predictor.isPresent() && predictor.get() instanceof OneVsRestModel each) {
      return each.models().length;
    }
    throw new EngineException(
        ErrorType.CONFIG_INVALID, "model " + model.described() + " is no classifier");
  }

  private static Optional<List<String>> named(SparkSession spark, Transformer model, int count) {
    List<Transformer> stages = ModelColumns.stages(model);
    int learner = stages.size() - 1;
    while (ModelTasks.predictor(stages.get(learner)).isEmpty()) {
      learner--;
    }
    Dataset<Row> rows =
        spark.range(0, count, 1, 1).select(functions.col("id").cast("double").as("prediction"));
    for (Transformer stage : stages.subList(learner + 1, stages.size())) {
      rows = stage.transform(rows);
    }
    Optional<String> names =
        Arrays.stream(rows.schema().fields())
            .filter(field -> field.dataType().equals(DataTypes.StringType))
            .map(StructField::name)
            .findFirst();
    if (names.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        rows.select(MlColumns.named(names.get())).collectAsList().stream()
            .map(row -> row.getString(0))
            .toList());
  }
}
