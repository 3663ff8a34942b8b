package io.mlpipeline.port;

import io.mlpipeline.model.RowAccount;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StagedTable;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a step returned, staged.
 *
 * @param tables the tables, in the order of the ports
 * @param models the models, in the order of the ports
 * @param metrics the step's metrics and the counts of rows kept aside
 * @param apart rows that the step itself sets apart, as tables of their datasets' quarantines
 * @param accounts where the rows went that were read, by port
 * @param registered models to be registered, in the order of the ports
 */
public record Staged(
    List<StagedTable> tables,
    List<StagedModel> models,
    SortedMap<String, Double> metrics,
    List<StagedTable> apart,
    SortedMap<String, RowAccount> accounts,
    List<Registered> registered) {

  /** Nothing was staged. */
  public static final Staged NOTHING =
      new Staged(List.of(), List.of(), Collections.emptySortedMap());

  public Staged {
    tables = List.copyOf(tables);
    models = List.copyOf(models);
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    apart = List.copyOf(apart);
    accounts = Collections.unmodifiableSortedMap(new TreeMap<>(accounts));
    registered = List.copyOf(registered);
  }

  /** What a step returned that registers nothing. */
  public Staged(
      List<StagedTable> tables,
      List<StagedModel> models,
      SortedMap<String, Double> metrics,
      List<StagedTable> apart,
      SortedMap<String, RowAccount> accounts) {
    this(tables, models, metrics, apart, accounts, List.of());
  }

  /** What a step returned that sets nothing apart and accounts for nothing. */
  public Staged(
      List<StagedTable> tables, List<StagedModel> models, SortedMap<String, Double> metrics) {
    this(tables, models, metrics, List.of(), Collections.emptySortedMap());
  }

  /** The rows that the step itself sets apart from the table at a port. */
  public Optional<StagedTable> apart(String port) {
    return apart.stream().filter(table -> table.port().equals(port)).findFirst();
  }
}
