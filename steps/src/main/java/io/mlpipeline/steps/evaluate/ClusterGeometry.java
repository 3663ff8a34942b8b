package io.mlpipeline.steps.evaluate;

import java.util.Map;
import java.util.TreeMap;

/**
 * Where clusters lie: what is needed to tell, without all pairs of rows, how far a row is on
 * average from the rows of each cluster, in squared Euclidean distance.
 *
 * <p>The mean over a cluster's rows y of |x - y|² is |x|² + mean |y|² - 2 x · mean y, which is the
 * formula behind MLlib's {@code ClusteringEvaluator}; silhouettes are Rousseeuw's (1987). Sums are
 * exact, so that the order of rows does not matter.
 */
public final class ClusterGeometry {

  private static final int MOST_SUMS = 1_000_000;

  private final Map<Integer, Cluster> clusters = new TreeMap<>();

  /** Counts a row in; throws if there would be more sums than memory is meant for. */
  public void add(int cluster, double[] point) {
    Cluster of = clusters.get(cluster);
    if (of == null) {
      if ((clusters.size() + 1L) * point.length > MOST_SUMS) {
        throw new IllegalArgumentException("clusters times dimensions are more than " + MOST_SUMS);
      }
      of = new Cluster(point.length);
      clusters.put(cluster, of);
    }
    of.add(point);
  }

  /** The silhouette of a row that was counted in, from -1 to 1; NaN if there is but one cluster. */
  public double silhouette(int cluster, double[] point) {
    if (clusters.size() < 2) {
      return Double.NaN;
    }
    double length = dot(point, point);
    double own = Double.NaN;
    double nearest = Double.POSITIVE_INFINITY;
    for (Map.Entry<Integer, Cluster> entry : clusters.entrySet()) {
      Cluster other = entry.getValue();
      double distance = other.meanDistance(point, length);
      if (entry.getKey() != cluster) {
        nearest = Math.min(nearest, distance);
      } else if (other.rows == 1) {
        return 0;
      } else {
        own = distance * other.rows / (other.rows - 1);
      }
    }
    double larger = Math.max(own, nearest);
    return larger == 0 ? 0 : (nearest - own) / larger;
  }

  /** The squared distance of two points. */
  public static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static final class Cluster {

    private final ExactSum[] sums;
    private final ExactSum lengths = new ExactSum();
    private double[] mean = new double[0];
    private long rows;

    Cluster(int dimensions) {
      sums = new ExactSum[dimensions];
      java.util.Arrays.setAll(sums, i -> new ExactSum());
    }

    void add(double[] point) {
      for (int i = 0; i < point.length; i++) {
        if (point[i] != 0) {
          sums[i].add(point[i]);
        }
      }
      lengths.add(dot(point, point));
      rows++;
      mean = new double[0];
    }

    double meanDistance(double[] point, double length) {
      if (mean.length != sums.length) {
        mean = new double[sums.length];
        java.util.Arrays.setAll(mean, i -> sums[i].value() / rows);
      }
      return Math.max(0, length + lengths.value() / rows - 2 * dot(point, mean));
    }
  }
}
