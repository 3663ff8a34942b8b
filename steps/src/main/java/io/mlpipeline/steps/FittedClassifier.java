package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.steps.TrainClassifier.ClassWeights;
import io.mlpipeline.steps.TrainClassifier.Params;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * A classifier over the vector of features.
 *
 * @param model the classifier alone
 * @param metrics what training says of itself; equal for equal models
 */
record FittedClassifier(Transformer model, SortedMap<String, Double> metrics) {

  private static final String UID = "classifier";
  private static final String LABEL = "__y";
  private static final String WEIGHT = "__w";

  /** Balanced weights are multiples of this, so that sums of them are exact in any order. */
  private static final double GRAIN = 1024;

  static FittedClassifier fit(TrainingRows training, FeatureStages features, Params params) {
    Dataset<Row> vectors =
        features
            .transform(training.rows())
            .select(
                training.label().isPositive(MlColumns.named(TrainingRows.LABEL)).as(LABEL),
                weight(training, params).as(WEIGHT),
                MlColumns.named(FeatureStages.FEATURES));
    Dataset<Row> rows = training.forLearner(vectors).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return fit(rows, params);
    } finally {
      rows.unpersist();
    }
  }

  private static FittedClassifier fit(Dataset<Row> rows, Params params) {
    return switch (params.algorithm()) {
      case LOGISTIC_REGRESSION -> logisticRegression(rows, params);
      case RANDOM_FOREST -> randomForest(rows, params);
      case GRADIENT_BOOSTED_TREES -> boostedTrees(rows, params);
    };
  }

  static int maxBins(Params params) {
    return or(params.maxBins(), 32);
  }

  private static FittedClassifier logisticRegression(Dataset<Row> rows, Params params) {
    LogisticRegression learner =
        new LogisticRegression(UID)
            .setFamily("binomial")
            .setMaxIter(or(params.maxIter(), 100))
            .setRegParam(params.regParam())
            .setElasticNetParam(params.elasticNetParam())
            .setFeaturesCol(FeatureStages.FEATURES)
            .setLabelCol(LABEL);
    if (TrainingRows.isWeighted(params)) {
      learner.setWeightCol(WEIGHT);
    }
    LogisticRegressionModel model = learner.fit(rows);
    double[] objective = model.summary().objectiveHistory();
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("iterations", (double) model.summary().totalIterations());
    metrics.put("objective", objective[objective.length - 1]);
    metrics.put("features", (double) model.numFeatures());
    return new FittedClassifier(model, metrics);
  }

  private static FittedClassifier randomForest(Dataset<Row> rows, Params params) {
    RandomForestClassifier learner =
        new RandomForestClassifier(UID)
            .setNumTrees(or(params.numTrees(), 20))
            .setMaxDepth(or(params.maxDepth(), 5))
            .setMaxBins(maxBins(params))
            .setMinInstancesPerNode(or(params.minInstancesPerNode(), 1))
            .setSubsamplingRate(or(params.subsamplingRate(), 1))
            .setSeed(params.seed())
            .setFeaturesCol(FeatureStages.FEATURES)
            .setLabelCol(LABEL);
    if (TrainingRows.isWeighted(params)) {
      learner.setWeightCol(WEIGHT);
    }
    RandomForestClassificationModel model = learner.fit(rows);
    return new FittedClassifier(
        model, trees(model.getNumTrees(), model.totalNumNodes(), model.numFeatures()));
  }

  private static FittedClassifier boostedTrees(Dataset<Row> rows, Params params) {
    GBTClassifier learner =
        new GBTClassifier(UID)
            .setMaxIter(or(params.maxIter(), 20))
            .setStepSize(or(params.stepSize(), 0.1))
            .setMaxDepth(or(params.maxDepth(), 5))
            .setMaxBins(maxBins(params))
            .setMinInstancesPerNode(or(params.minInstancesPerNode(), 1))
            .setSubsamplingRate(or(params.subsamplingRate(), 1))
            .setSeed(params.seed())
            .setFeaturesCol(FeatureStages.FEATURES)
            .setLabelCol(LABEL);
    if (TrainingRows.isWeighted(params)) {
      learner.setWeightCol(WEIGHT);
    }
    GBTClassificationModel model = learner.fit(rows);
    return new FittedClassifier(
        model, trees(model.getNumTrees(), model.totalNumNodes(), model.numFeatures()));
  }

  private static SortedMap<String, Double> trees(int trees, int nodes, int features) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("trees", (double) trees);
    metrics.put("nodes", (double) nodes);
    metrics.put("features", (double) features);
    return metrics;
  }

  private static Column weight(TrainingRows training, Params params) {
    Column weight = MlColumns.named(TrainingRows.WEIGHT);
    if (params.classWeights() == ClassWeights.NONE) {
      return weight;
    }
    double share = training.profile().positiveShare();
    Column balance =
        when(
                MlColumns.named(TrainingRows.LABEL).equalTo(lit(training.label().positive())),
                lit(grained(0.5 / share)))
            .otherwise(lit(grained(0.5 / (1 - share))));
    return weight.multiply(balance);
  }

  private static double grained(double weight) {
    return Math.max(1, Math.rint(weight * GRAIN)) / GRAIN;
  }

  private static int or(int value, int own) {
    return value == 0 ? own : value;
  }

  private static double or(double value, double own) {
    return value == 0 ? own : value;
  }
}
