package io.mlpipeline.steps;

import io.mlpipeline.steps.evaluate.ClusterGeometry;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.clustering.BisectingKMeansModel;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;

/**
 * How a model measures distance, and from which centers, if it has any. By cosine, points are
 * brought to length 1, where the squared Euclidean distance is twice the cosine's.
 *
 * @param centers by cluster; empty if there are none, or they are not measured from in Euclid's way
 * @param isCosine whether lengths do not count
 */
record ClusterCenters(List<double[]> centers, boolean isCosine) {

  static ClusterCenters of(Transformer model) {
    if (model instanceof KMeansModel means) {
      return of(means.clusterCenters(), means.getDistanceMeasure());
    }
    if (model instanceof BisectingKMeansModel means) {
      return of(means.clusterCenters(), means.getDistanceMeasure());
    }
    return new ClusterCenters(List.of(), false);
  }

  private static ClusterCenters of(Vector[] centers, String measure) {
    boolean isCosine = measure.equals("cosine");
    return new ClusterCenters(
        isCosine ? List.of() : Arrays.stream(centers).map(Vector::toArray).toList(), isCosine);
  }

  /** The point as distances are measured from. */
  double[] seen(double[] point) {
    if (!isCosine) {
      return point;
    }
    double length = Math.sqrt(ClusterGeometry.squaredDistance(point, new double[point.length]));
    return length == 0 ? point : Arrays.stream(point).map(x -> x / length).toArray();
  }

  double squaredDistance(int cluster, double[] point) {
    return centers.isEmpty()
        ? Double.NaN
        : ClusterGeometry.squaredDistance(point, centers.get(cluster));
  }
}
