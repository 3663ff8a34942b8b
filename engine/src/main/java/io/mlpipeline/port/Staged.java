package io.mlpipeline.port;

import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StagedTable;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a step returned, staged.
 *
 * @param tables the tables, in the order of the ports
 * @param models the models, in the order of the ports
 * @param metrics the step's metrics and the counts of rows kept aside
 */
public record Staged(
    List<StagedTable> tables, List<StagedModel> models, SortedMap<String, Double> metrics) {

  /** Nothing was staged. */
  public static final Staged NOTHING =
      new Staged(List.of(), List.of(), Collections.emptySortedMap());

  public Staged {
    tables = List.copyOf(tables);
    models = List.copyOf(models);
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
  }
}
