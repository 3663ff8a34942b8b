package io.mlpipeline.steps;

import io.mlpipeline.model.OutputKind;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import java.util.List;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Trains a classifier of two classes on a table and returns one {@code PipelineModel} that takes
 * the raw columns, so that scoring needs nothing else; the label need not be there then.
 *
 * <p>Numeric columns (numbers and booleans) are cast to double; null and NaN become the training
 * rows' median or mean. Categorical columns are taken as text; null is the category {@code
 * missing}. Logistic regression gets them one-hot encoded, trees as they are.
 *
 * <p>Rows are sorted and laid out in partitions by their content, so equal rows and params give
 * equal models, bit by bit, whatever the number of cores and the order of the rows. A partition
 * holds some 50,000 rows. Logistic regression and boosted trees add up fractions and therefore
 * learn in one partition, as does a forest with a weight column; a forest without one only adds up
 * whole numbers (balanced class weights are rounded to 1/1024 for that) and learns in all of them.
 *
 * <p>Refused: no rows, labels that are null or not of exactly two values, columns that are absent,
 * of no use, or both label and feature, params of another algorithm.
 */
@StepType(
    value = "train-classifier",
    inputs = @Port("rows"),
    outputs = @Port(value = "model", kind = OutputKind.MODEL))
public final class TrainClassifier implements Step<TrainClassifier.Params> {

  /** The learner. */
  public enum Algorithm {
    LOGISTIC_REGRESSION,
    RANDOM_FOREST,
    GRADIENT_BOOSTED_TREES
  }

  /** What takes the place of a number that is not there. */
  public enum Impute {
    MEDIAN,
    MEAN
  }

  /** What happens at scoring to a category that was not there at training. */
  public enum HandleInvalid {
    /** It counts as "some other category". */
    KEEP,
    /** Scoring fails. */
    ERROR
  }

  /** Whether the rarer class weighs more. */
  public enum ClassWeights {
    NONE,
    BALANCED
  }

  /**
   * What to learn from what. Numbers that belong to an algorithm have MLlib's meaning and default
   * values, and 0 means the algorithm's own; written for another algorithm they are refused.
   *
   * @param label the column to predict: text, boolean or number, of two values
   * @param positive the value that counts as 1; may be left out for booleans and for 0 and 1
   * @param algorithm the learner
   * @param numeric columns taken as numbers
   * @param categorical columns taken as categories
   * @param key columns by which rows are laid out before anything else; usually the row's key
   * @param weightColumn how much a row counts
   * @param classWeights whether the rarer class weighs more
   * @param impute what takes the place of a number that is not there
   * @param handleInvalid what happens at scoring to an unknown category
   * @param seed for the algorithms that draw
   * @param maxIter rounds; 0 is 100 for logistic regression, 20 for boosted trees
   * @param regParam logistic regression: strength of regularization
   * @param elasticNetParam logistic regression: 0 is ridge, 1 is lasso
   * @param numTrees random forest: how many; 0 is 20
   * @param maxDepth trees: how deep; 0 is 5
   * @param maxBins trees: bins of a number, and the most categories of a column; 0 is 32
   * @param minInstancesPerNode trees: rows of a leaf, at least; 0 is 1
   * @param stepSize boosted trees: how much each one corrects; 0 is 0.1
   * @param subsamplingRate trees: share of the rows that each sees; 0 is 1
   */
  public record Params(
      String label,
      @Default("") String positive,
      Algorithm algorithm,
      @Default("") List<String> numeric,
      @Default("") List<String> categorical,
      @Default("") List<String> key,
      @Default("") String weightColumn,
      @Default("none") ClassWeights classWeights,
      @Default("median") Impute impute,
      @Default("keep") HandleInvalid handleInvalid,
      @Default("42") long seed,
      @Default("0") int maxIter,
      @Default("0") double regParam,
      @Default("0") double elasticNetParam,
      @Default("0") int numTrees,
      @Default("0") int maxDepth,
      @Default("0") int maxBins,
      @Default("0") int minInstancesPerNode,
      @Default("0") double stepSize,
      @Default("0") double subsamplingRate) {

    public Params {
      numeric = List.copyOf(numeric);
      categorical = List.copyOf(categorical);
      key = List.copyOf(key);
    }
  }

  @Override
  public StepOutput run(StepContext context, Params params) {
    ClassifierParams.check(params);
    Dataset<Row> rows = context.input("rows");
    try (TrainingRows training = TrainingRows.prepare(rows, params)) {
      FeatureStages features = FeatureStages.fit(training, params);
      FittedClassifier fitted = FittedClassifier.fit(training, features, params);
      PipelineModel model = features.with(fitted.model(), rows);
      List<String> constant = features.constantColumns();
      if (!constant.isEmpty()) {
        context.log().warn("columns with one value teach nothing: {}", constant);
      }
      StepOutput output =
          StepOutput.model("model", model)
              .withMetric("training_rows", (double) training.profile().rows())
              .withMetric("positive_share", training.profile().positiveShare())
              .withMetric("constant_features", constant.size());
      for (var metric : fitted.metrics().entrySet()) {
        output = output.withMetric(metric.getKey(), metric.getValue());
      }
      return output;
    }
  }
}
