package io.mlpipeline.steps.train;

import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.clustering.BisectingKMeansModel;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.TreeEnsembleModel;

/** What training says of a fitted model, as metrics; equal for equal models. */
final class ModelFacts {

  private ModelFacts() {}

  static SortedMap<String, Double> of(Object model) {
    SortedMap<String, Double> facts = new TreeMap<>();
    if (model instanceof PredictionModel<?, ?> prediction) {
      facts.put("features", (double) prediction.numFeatures());
    }
    if (model instanceof TreeEnsembleModel<?> trees) {
      facts.put("trees", (double) trees.trees().length);
      facts.put("nodes", (double) trees.totalNumNodes());
    } else if (model instanceof DecisionTreeModel tree) {
      facts.put("depth", (double) tree.depth());
      facts.put("nodes", (double) tree.numNodes());
    }
    if (Learner.hasSummary(model)) {
      summary(model, facts);
    }
    if (model instanceof ALSModel factors) {
      facts.put("rank", (double) factors.rank());
    }
    return facts;
  }

  private static void summary(Object model, SortedMap<String, Double> facts) {
    if (model instanceof LogisticRegressionModel linear) {
      iterations(linear.summary().objectiveHistory(), linear.summary().totalIterations(), facts);
    } else if (model instanceof LinearRegressionModel linear) {
      iterations(linear.summary().objectiveHistory(), linear.summary().totalIterations(), facts);
    } else if (model instanceof KMeansModel clusters) {
      clusters(clusters.summary().clusterSizes(), clusters.summary().trainingCost(), facts);
    } else if (model instanceof BisectingKMeansModel clusters) {
      clusters(clusters.summary().clusterSizes(), clusters.summary().trainingCost(), facts);
    }
  }

  private static void iterations(double[] objective, int rounds, SortedMap<String, Double> facts) {
    facts.put("iterations", (double) rounds);
    if (objective.length > 0) {
      facts.put("objective", objective[objective.length - 1]);
    }
  }

  private static void clusters(long[] sizes, double cost, SortedMap<String, Double> facts) {
    facts.put("clusters", (double) sizes.length);
    facts.put("cost", cost);
    for (int i = 0; i < sizes.length; i++) {
      facts.put("cluster_rows." + i, (double) sizes[i]);
    }
  }
}
