package io.mlpipeline.steps.train;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.KeysFrom;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import io.mlpipeline.steps.MlColumns;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.clustering.BisectingKMeans;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Finds groups of rows that are alike and returns one {@code PipelineModel} that takes the raw
 * columns and gives {@code prediction}, the group's number from 0.
 *
 * <p>Columns are taken as {@link TrainClassifier} takes them, categories one-hot encoded; numbers
 * that are far apart outweigh the others unless they are brought to one {@code scale}. Equal rows
 * and params give equal models, bit by bit. Metrics: {@code clusters}, {@code cost} (the sum of
 * squared distances to the centers) and {@code cluster_rows.N}.
 *
 * <p>Refused: no rows, more groups than there are different rows, columns that are absent or of no
 * use, params that the algorithm does not have.
 */
@StepType(
    value = "train-clusters",
    inputs = @Port("rows"),
    outputs = @Port(value = "model", kind = OutputKind.MODEL))
public final class TrainClusters implements Step<TrainClusters.Params> {

  private static final String UID = "clusters";
  private static final String WEIGHT = "__w";

  /** The learner. */
  public enum Algorithm {
    K_MEANS,
    BISECTING_K_MEANS
  }

  /**
   * What to group by what.
   *
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
   */
  public record Params(
      @Default("k-means") Algorithm algorithm,
      @Default("") @KeysFrom(value = "TrainClusters.params", by = "algorithm")
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
      @Default("42") long seed)
      implements FeatureParams {

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
    }
  }

  @Override
  public StepOutput run(StepContext context, Params params) {
    Learner learner = learner(params);
    ParamsCheck.check(params, learner);
    Dataset<Row> input = context.input("rows");
    FeatureColumns.check(input.schema(), params);
    TrainingRows.Wanted wanted =
        new TrainingRows.Wanted(
            FeatureColumns.raw(params),
            null,
            params.weightColumn(),
            "",
            params.key(),
            params.seed(),
            learner.name() + params);
    try (TrainingRows rows = TrainingRows.prepare(input, wanted)) {
      long count = rows.rows().count();
      if (count == 0) {
        throw Target.noRows();
      }
      FeatureStages features = FeatureStages.fit(rows.rows(), params, learner);
      Model<?> fitted = fit(rows, features, params, learner);
      PipelineModel model = features.with(List.of(fitted), rows.rows().limit(0));
      ModelSignature signature =
          new ModelSignature(
              "clustering",
              FeatureColumns.fields(input.schema(), params),
              null,
              FeatureColumns.made(model, input.schema(), params));
      StepOutput output =
          StepOutput.model("model", model)
              .withSignature("model", signature)
              .withMetric("training_rows", (double) count)
              .withMetric("constant_features", features.constantColumns().size());
      for (var fact : ModelFacts.of(fitted).entrySet()) {
        output = output.withMetric(fact.getKey(), fact.getValue());
      }
      return output;
    }
  }

  private static Model<?> fit(
      TrainingRows rows, FeatureStages features, Params params, Learner learner) {
    Dataset<Row> vectors =
        features
            .transform(rows.rows())
            .select(
                MlColumns.named(TrainingRows.WEIGHT).as(WEIGHT),
                MlColumns.named(FeatureStages.FEATURES));
    Dataset<Row> kept = rows.forLearner(vectors, false).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      checkGroups(kept, learner);
      Map<String, Object> columns = new TreeMap<>();
      columns.put("featuresCol", FeatureStages.FEATURES);
      if (!params.weightColumn().isEmpty()) {
        columns.put("weightCol", WEIGHT);
      }
      return learner.fit(kept, columns, params.seed());
    } finally {
      kept.unpersist();
    }
  }

  /** MLlib gives fewer groups than it was asked for, and does not say so. */
  private static void checkGroups(Dataset<Row> vectors, Learner learner) {
    int k = Integer.parseInt(learner.value("k"));
    long different = vectors.select(FeatureStages.FEATURES).distinct().limit(k).count();
    if (different < k) {
      throw new EngineException(
          ErrorType.STEP_FAILED,
          "k is "
              + k
              + ", but only "
              + different
              + " rows differ in their features: lower learner.k, or add features");
    }
  }

  static Learner learner(Params params) {
    return switch (params.algorithm()) {
      case K_MEANS ->
          Learner.of(params.algorithm(), () -> new KMeans(UID), Set.of(), params.learner());
      case BISECTING_K_MEANS ->
          Learner.of(
              params.algorithm(), () -> new BisectingKMeans(UID), Set.of(), params.learner());
    };
  }
}
