package io.mlpipeline.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ClusterGeometryTest {

  @Test
  void silhouettesAreThoseOfAllPairs() {
    Random random = new Random(14);
    double[][] points = new double[60][];
    int[] clusters = new int[60];
    ClusterGeometry geometry = new ClusterGeometry();
    for (int i = 0; i < points.length; i++) {
      // The last one is alone.
      clusters[i] = i == 59 ? 7 : i % 3;
      points[i] = new double[] {random.nextGaussian() + clusters[i], random.nextGaussian(), 0};
      geometry.add(clusters[i], points[i]);
    }
    for (int i = 0; i < points.length; i++) {
      assertThat(geometry.silhouette(clusters[i], points[i]))
          .isEqualTo(byPairs(points, clusters, i), within(1e-12));
    }
    assertThat(geometry.silhouette(7, points[59])).isZero();
  }

  private static double byPairs(double[][] points, int[] clusters, int at) {
    double[] sums = new double[8];
    int[] counts = new int[8];
    for (int i = 0; i < points.length; i++) {
      if (i != at) {
        sums[clusters[i]] += ClusterGeometry.squaredDistance(points[i], points[at]);
        counts[clusters[i]]++;
      }
    }
    double own = sums[clusters[at]] / counts[clusters[at]];
    double nearest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 8; i++) {
      nearest =
          i != clusters[at] && counts[i] > 0 ? Math.min(nearest, sums[i] / counts[i]) : nearest;
    }
    return counts[clusters[at]] == 0 ? 0 : (nearest - own) / Math.max(own, nearest);
  }

  @Test
  void oneClusterHasNoSilhouetteAndEqualPointsHaveZero() {
    ClusterGeometry geometry = new ClusterGeometry();
    double[] point = {1, 2};
    geometry.add(0, point);
    assertThat(geometry.silhouette(0, point)).isNaN();
    geometry.add(0, point);
    geometry.add(1, point);
    geometry.add(1, point);
    assertThat(geometry.silhouette(0, point)).isZero();
  }

  @Test
  void refusesMoreSumsThanMemoryIsMeantFor() {
    ClusterGeometry geometry = new ClusterGeometry();
    geometry.add(0, new double[600_000]);
    assertThatThrownBy(() -> geometry.add(1, new double[600_000])).hasMessageContaining("1000000");
  }
}
