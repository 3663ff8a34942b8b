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
import org.apache.spark.ml.classification.DecisionTreeClassifier;
import org.apache.spark.ml.classification.FMClassifier;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.classification.NaiveBayes;
import org.apache.spark.ml.classification.RandomForestClassifier;

/**
 * Trains a classifier of two or more classes on a table and returns one {@code PipelineModel} that
 * takes the raw columns, so that scoring needs nothing else; the label need not be there then.
 *
 * <p>Numeric columns (numbers and booleans) are cast to double; null and NaN become the training
 * rows' median or mean. Categorical columns are taken as text; null is the category {@code
 * missing}. Trees get them as they are, other algorithms one-hot encoded.
 *
 * <p>Rows are sorted and laid out in partitions by their content, so equal rows and params give
 * equal models, bit by bit, whatever the number of cores and the order of the rows. A partition
 * holds some 50,000 rows. Whatever adds up fractions learns in one partition; a tree or a forest
 * without a weight column only adds up whole numbers (balanced class weights are rounded to 1/1024
 * for that) and learns in all of them.
 *
 * <p>Refused: no rows, labels that are null, of one value, or of a class with one row, columns that
 * are absent, of no use, or both label and feature, params that the algorithm does not have,
 * features that give the label away.
 */
@StepType(
    value = "train-classifier",
    inputs = @Port("rows"),
    outputs = {
      @Port(value = "model", kind = OutputKind.MODEL),
      @Port(value = "trials", optional = true)
    })
public final class TrainClassifier implements Step<TrainClassifier.Params> {

  private static final String UID = "classifier";

  /** The learner. */
  public enum Algorithm {
    LOGISTIC_REGRESSION,
    DECISION_TREE,
    RANDOM_FOREST,
    GRADIENT_BOOSTED_TREES,
    NAIVE_BAYES,
    MULTILAYER_PERCEPTRON,
    FACTORIZATION_MACHINES
  }

  /** Whether rarer classes weigh more. */
  public enum ClassWeights {
    NONE,
    BALANCED
  }

  /**
   * What to learn from what.
   *
   * @param label the column to predict: text, boolean or number
   * @param positive the value that counts as 1 of two; may be left out for booleans and for 0 and 1
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
   * @param classWeights whether rarer classes weigh more
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
      @Default("") String positive,
      Algorithm algorithm,
      @Default("") @KeysFrom(value = "TrainClassifier.params", by = "algorithm")
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
      @Default("none") ClassWeights classWeights,
      @Default("") @KeysFrom(value = "TrainClassifier.params", by = "algorithm", searched = true)
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
      case LOGISTIC_REGRESSION ->
          Learner.of(algorithm, () -> new LogisticRegression(UID), Set.of(), own);
      case DECISION_TREE ->
          Learner.of(
              algorithm,
              () -> new DecisionTreeClassifier(UID),
              Set.of(Trait.TREES, Trait.WHOLE_NUMBERS),
              own);
      case RANDOM_FOREST ->
          Learner.of(
              algorithm,
              () -> new RandomForestClassifier(UID),
              Set.of(Trait.TREES, Trait.WHOLE_NUMBERS),
              own);
      case GRADIENT_BOOSTED_TREES ->
          Learner.of(
              algorithm,
              () -> new GBTClassifier(UID),
              Set.of(Trait.TREES, Trait.TWO_CLASSES, Trait.STOPS_EARLY),
              own);
      case NAIVE_BAYES ->
          Learner.of(algorithm, () -> new NaiveBayes(UID), Set.of(Trait.COUNTS), own);
      case MULTILAYER_PERCEPTRON ->
          Learner.of(
              algorithm, () -> new MultilayerPerceptronClassifier(UID), Set.of(Trait.LAYERS), own);
      case FACTORIZATION_MACHINES ->
          Learner.of(algorithm, () -> new FMClassifier(UID), Set.of(Trait.TWO_CLASSES), own);
    };
  }
}
