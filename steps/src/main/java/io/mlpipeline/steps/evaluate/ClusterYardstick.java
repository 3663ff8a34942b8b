package io.mlpipeline.steps.evaluate;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Clusters. Outputs: the number of the row's cluster, its silhouette (NaN if there is but one
 * cluster), and its squared distance from the model's center (NaN if the model has none). Models
 * are not compared with each other, for each measures in a space of its own.
 */
public record ClusterYardstick() implements Yardstick {

  @Override
  public SortedMap<String, Double> measure(ModelScores scores, int[] rows) {
    return tally(scores, rows).byName();
  }

  @Override
  public SortedMap<String, Double> measureAll(ModelScores scores, int[] rows) {
    SortedMap<Integer, Integer> sizes = new TreeMap<>();
    for (int row : rows) {
      sizes.merge((int) scores.output(0, row), 1, Integer::sum);
    }
    Tally tally = tally(scores, rows).put("clusters", sizes.size());
    sizes.forEach((cluster, size) -> tally.put("cluster_rows_" + cluster, size));
    return tally.byName();
  }

  private static Tally tally(ModelScores scores, int[] rows) {
    ExactSum silhouettes = new ExactSum();
    ExactSum distances = new ExactSum();
    boolean hasSilhouettes = true;
    boolean hasDistances = true;
    for (int row : rows) {
      hasSilhouettes &= !Double.isNaN(scores.output(1, row));
      hasDistances &= !Double.isNaN(scores.output(2, row));
      silhouettes.add(hasSilhouettes ? scores.output(1, row) : 0);
      distances.add(hasDistances ? scores.output(2, row) : 0);
    }
    double cost = hasDistances ? distances.value() : Double.NaN;
    return Tally.started(rows.length)
        .put("silhouette", hasSilhouettes ? silhouettes.value() / rows.length : Double.NaN)
        .put("cost", cost)
        .put("cost_per_row", cost / rows.length);
  }

  @Override
  public Optional<Gains> gains(ModelScores model, ModelScores champion, RowGroups groups) {
    return Optional.empty();
  }
}
