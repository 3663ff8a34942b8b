package io.mlpipeline.spark.explain;

import org.apache.spark.ml.classification.LinearSVCModel;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.jspecify.annotations.Nullable;

/**
 * What each slot of a feature vector adds.
 *
 * @param scale what is summed up
 * @param base what there is before any slot counts
 * @param values one for each slot
 * @param note what is to be known of the method
 */
@SuppressWarnings("ArrayRecordComponent") // made and read here; nobody compares two
record SlotValues(String scale, double base, double[] values, String note) {

  /** Of a learner and a vector; null if that learner cannot be taken apart. */
  static @Nullable SlotValues of(Object learner, Vector features, double prediction) {
    int predicted = (int) prediction;
    if (learner instanceof LogisticRegressionModel model) {
      return logistic(model, features, predicted);
    }
    if (learner instanceof LinearRegressionModel model) {
      return linear("prediction", model.intercept(), model.coefficients(), features);
    }
    if (learner instanceof GeneralizedLinearRegressionModel model) {
      return linear("linear predictor", model.intercept(), model.coefficients(), features);
    }
    if (learner instanceof LinearSVCModel model) {
      return linear("margin of class 1", model.intercept(), model.coefficients(), features);
    }
    if (learner instanceof KMeansModel model) {
      return distance(model.clusterCenters()[predicted], features, predicted);
    }
    return TreePaths.of(learner, features, predicted);
  }

  private static SlotValues logistic(LogisticRegressionModel model, Vector x, int predicted) {
    if (model.numClasses() == 2) {
      return linear("log-odds of class 1", model.intercept(), model.coefficients(), x);
    }
    Matrix all = model.coefficientMatrix();
    double[] values = new double[x.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = all.apply(predicted, i) * x.apply(i);
    }
    double base = model.interceptVector().apply(predicted);
    return new SlotValues(
        "margin of class " + predicted, base, values, "exact: coefficient times value");
  }

  private static SlotValues linear(String scale, double intercept, Vector weights, Vector x) {
    double[] values = new double[x.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = weights.apply(i) * x.apply(i);
    }
    return new SlotValues(scale, intercept, values, "exact: coefficient times value");
  }

  private static SlotValues distance(Vector center, Vector x, int predicted) {
    double[] values = new double[x.size()];
    for (int i = 0; i < values.length; i++) {
      double apart = x.apply(i) - center.apply(i);
      values[i] = apart * apart;
    }
    return new SlotValues(
        "squared distance to the center of cluster " + predicted,
        0,
        values,
        "squared distances by column; a column that adds little fits the cluster");
  }
}
