package io.mlpipeline.spark.explain;

import java.util.function.ToDoubleFunction;
import org.apache.spark.ml.classification.DecisionTreeClassificationModel;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.DecisionTreeRegressionModel;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.Node;
import org.jspecify.annotations.Nullable;

/**
 * Contributions along the paths of trees (A. Saabas, 2014: "Interpreting random forests"): every
 * split adds, to the feature that it asks about, by how much the node's mean changes. The root's
 * mean and all additions sum up to the leaf; those of several trees to what the ensemble says. It
 * tells what the model did, not what would be fair to each feature: features that are asked about
 * near the root get less than Shapley values would give them.
 */
final class TreePaths {

  private static final String NOTE =
      "path-based (Saabas): differences of node means along each tree's path";

  private final Vector features;
  private final double[] values;
  private double base;

  private TreePaths(Vector features) {
    this.features = features;
    this.values = new double[features.size()];
  }

  static @Nullable SlotValues of(Object learner, Vector features, int predicted) {
    TreePaths paths = new TreePaths(features);
    if (learner instanceof DecisionTreeRegressionModel tree) {
      paths.add(tree, 1, Node::prediction);
      return paths.sum("prediction");
    }
    if (learner instanceof DecisionTreeClassificationModel tree) {
      int asked = tree.numClasses() == 2 ? 1 : predicted;
      paths.add(tree, 1, node -> share(node, asked));
      return paths.sum("probability of class " + asked);
    }
    if (learner instanceof RandomForestRegressionModel forest) {
      for (DecisionTreeRegressionModel tree : forest.trees()) {
        paths.add(tree, 1.0 / forest.trees().length, Node::prediction);
      }
      return paths.sum("prediction");
    }
    if (learner instanceof RandomForestClassificationModel forest) {
      int asked = forest.numClasses() == 2 ? 1 : predicted;
      for (DecisionTreeClassificationModel tree : forest.trees()) {
        paths.add(tree, 1.0 / forest.trees().length, node -> share(node, asked));
      }
      return paths.sum("probability of class " + asked);
    }
    if (learner instanceof GBTRegressionModel boosted) {
      paths.add(boosted.trees(), boosted.treeWeights());
      return paths.sum("prediction");
    }
    if (learner instanceof GBTClassificationModel boosted) {
      paths.add(boosted.trees(), boosted.treeWeights());
      return paths.sum("margin of class 1 (half its log-odds)");
    }
    return null;
  }

  private SlotValues sum(String scale) {
    return new SlotValues(scale, base, values, NOTE);
  }

  private void add(DecisionTreeRegressionModel[] trees, double[] weights) {
    for (int i = 0; i < trees.length; i++) {
      add(trees[i], weights[i], Node::prediction);
    }
  }

  private void add(DecisionTreeModel tree, double weight, ToDoubleFunction<Node> mean) {
    Node at = tree.rootNode();
    double before = mean.applyAsDouble(at);
    base += weight * before;
    while (at instanceof InternalNode inner) {
      at = inner.split().shouldGoLeft(features) ? inner.leftChild() : inner.rightChild();
      double after = mean.applyAsDouble(at);
      values[inner.split().featureIndex()] += weight * (after - before);
      before = after;
    }
  }

  /** The share of a class among the training rows of a node. */
  private static double share(Node node, int asked) {
    double[] counts = node.impurityStats().stats();
    double all = 0;
    for (double count : counts) {
      all += count;
    }
    return all == 0 ? 0 : counts[asked] / all;
  }
}
