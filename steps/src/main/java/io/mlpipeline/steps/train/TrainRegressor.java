package io.mlpipeline.steps.train;

import io.mlpipeline.model.OutputKind;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.KeysFrom;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import io.mlpipeline.steps.train.Learner.Trait;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.ml.regression.DecisionTreeRegressor;
import org.apache.spark.ml.regression.FMRegressor;
import org.apache.spark.ml.regression.GBTRegressor;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.IsotonicRegression;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.RandomForestRegressor;

/**
 * Trains a model of a number and returns one {@code PipelineModel} that takes the raw columns and
 * gives {@code prediction}; the label need not be there when it scores.
 *
 * <p>Columns are taken as {@link TrainClassifier} takes them. Equal rows and params give equal
 * models, bit by bit, whatever the number of cores and the order of the rows: what is learned from
 * numbers adds up fractions, so it learns in one partition.
 *
 * <p>Refused: no rows, labels that are null, infinite or the same in all rows, columns that are
 * absent, of no use, or both label and feature, params that the algorithm does not have, features
 * that give the label away.
 */
@StepType(
    value = "train-regressor",
    inputs = @Port("rows"),
    outputs = {
      @Port(value = "model", kind = OutputKind.MODEL),
      @Port(value = "trials", optional = true)
    })
public final class TrainRegressor implements Step<TrainRegressor.Params> {

  private static final String UID = "regressor";

  /** The learner. */
  public enum Algorithm {
    LINEAR_REGRESSION,
    GENERALIZED_LINEAR_REGRESSION,
    ISOTONIC_REGRESSION,
    DECISION_TREE,
    RANDOM_FOREST,
    GRADIENT_BOOSTED_TREES,
    FACTORIZATION_MACHINES
  }

  /**
   * What to learn from what.
   *
   * @param label the column to predict: a number
   * @param algorithm the learner
   * @param learner the algorithm's own params, by MLlib's names in kebab-case
   * @param numeric columns taken as numbers
   * @param categorical columns taken as categories
   * @param hashed columns of very many categories, hashed together into {@code hashSize} numbers
   * @param text columns of free text, each hashed by word into {@code textSize} numbers
   * @param dates dates and timestamps
   * @param dateParts which of their parts become numbers
   * @param impute what takes the place of a number that is not there
   * @param fill the same by column: {@code median}, {@code mean} or a number
   * @param indicateMissing numeric columns whose absence is a feature of its own
   * @param scale how numbers are brought to one scale
   * @param buckets numeric columns that are taken by intervals: edges, or {@code quantiles N}
   * @param encode how categories become numbers
   * @param hashSize the size of the vector of all hashed columns
   * @param textSize the size of the vector of each text column
   * @param handleInvalid what happens at scoring to an unknown category
   * @param key columns by which rows are laid out and, in a search, divided; usually the row's key
   * @param weightColumn how much a row counts
   * @param seed for whatever draws
   * @param search values to try by param of the algorithm: a list, or a range
   * @param searchTrials how many points of the search are drawn; 0 tries every combination
   * @param folds into how many parts rows are divided to judge trials
   * @param timeColumn if set, the latest rows by it judge instead of folds
   * @param validationShare with a time column: the share of rows that judge
   * @param metric by what trials are compared
   * @param parallelism how many trials are fitted side by side; decides nothing but time
   * @param earlyStopping boosted trees: the share of rows that says when to stop; 0 is never
   * @param leakage what is done about features that give the label away
   */
  public record Params(
      String label,
      Algorithm algorithm,
      @Default("") @KeysFrom(value = "TrainRegressor.params", by = "algorithm")
          Map<String, List<String>> learner,
      @Default("") List<String> numeric,
      @Default("") List<String> categorical,
      @Default("") List<String> hashed,
      @Default("") List<String> text,
      @Default("") List<String> dates,
      @Default("year,month,day,weekday,hour") List<String> dateParts,
      @Default("median") Impute impute,
      @Default("") Map<String, String> fill,
      @Default("") List<String> indicateMissing,
      @Default("none") Scale scale,
      @Default("") Map<String, List<String>> buckets,
      @Default("auto") Encode encode,
      @Default("1024") int hashSize,
      @Default("1024") int textSize,
      @Default("keep") HandleInvalid handleInvalid,
      @Default("") List<String> key,
      @Default("") String weightColumn,
      @Default("42") long seed,
      @Default("") @KeysFrom(value = "TrainRegressor.params", by = "algorithm", searched = true)
          Map<String, List<String>> search,
      @Default("0") int searchTrials,
      @Default("3") int folds,
      @Default("") String timeColumn,
      @Default("0.2") double validationShare,
      @Default("auto") String metric,
      @Default("1") int parallelism,
      @Default("0") double earlyStopping,
      @Default("refuse") LeakageCheck leakage)
      implements SupervisedParams {

    public Params {
      numeric = List.copyOf(numeric);
      categorical = List.copyOf(categorical);
      hashed = List.copyOf(hashed);
      text = List.copyOf(text);
      dates = List.copyOf(dates);
      dateParts = List.copyOf(dateParts);
      indicateMissing = List.copyOf(indicateMissing);
      key = List.copyOf(key);
      fill = new TreeMap<>(fill);
      buckets = new TreeMap<>(buckets);
      learner = new TreeMap<>(learner);
      search = new TreeMap<>(search);
    }
  }

  @Override
  public StepOutput run(StepContext context, Params params) {
    return Supervised.train(context, params, learner(params));
  }

  static Learner learner(Params params) {
    Algorithm algorithm = params.algorithm();
    Map<String, List<String>> own = params.learner();
    return switch (algorithm) {
      case LINEAR_REGRESSION ->
          Learner.of(algorithm, () -> new LinearRegression(UID), Set.of(), own);
      case GENERALIZED_LINEAR_REGRESSION ->
          Learner.of(algorithm, () -> new GeneralizedLinearRegression(UID), Set.of(), own);
      case ISOTONIC_REGRESSION ->
          Learner.of(algorithm, () -> new IsotonicRegression(UID), Set.of(), own);
      case DECISION_TREE ->
          Learner.of(algorithm, () -> new DecisionTreeRegressor(UID), Set.of(Trait.TREES), own);
      case RANDOM_FOREST ->
          Learner.of(algorithm, () -> new RandomForestRegressor(UID), Set.of(Trait.TREES), own);
      case GRADIENT_BOOSTED_TREES ->
          Learner.of(
              algorithm, () -> new GBTRegressor(UID), Set.of(Trait.TREES, Trait.STOPS_EARLY), own);
      case FACTORIZATION_MACHINES ->
          Learner.of(algorithm, () -> new FMRegressor(UID), Set.of(), own);
    };
  }
}
