package io.mlpipeline.steps;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.NewColumns;
import io.mlpipeline.model.SchemaSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Holds the columns that files have against the contract, by name: one that is absent is null if it
 * may be, and one that the contract does not name is refused or left out as it says. What was not
 * as it should be is counted in files.
 */
final class Agreement {

  private final List<ContractColumn> columns;
  private final @Nullable SchemaSpec contract;
  private final Logger log;
  private final SortedMap<String, Double> metrics = new TreeMap<>();

  /**
   * @param columns what is published
   * @param contract what the files should have; null if they speak for themselves
   */
  Agreement(List<ContractColumn> columns, @Nullable SchemaSpec contract, Logger log) {
    this.columns = columns;
    this.contract = contract;
    this.log = log;
  }

  List<ContractColumn> columns() {
    return columns;
  }

  /** The names of the files' columns by position, where no header names them. */
  List<String> positions() {
    return contract == null
        ? columns.stream().map(ContractColumn::name).toList()
        : contract.columns().stream().map(ColumnSpec::name).toList();
  }

  /** Whether somebody wants to know of columns that the contract does not name. */
  boolean asksForNewColumns() {
    return contract != null && contract.newColumns() != NewColumns.DROP;
  }

  /**
   * Where each of our columns is among those found, -1 if it is absent.
   *
   * @param where such as {@code file a.csv}
   * @param files how many files look like this
   */
  List<Integer> places(List<String> found, String where, int files) {
    refuseNew(found, where, files);
    List<Integer> places = new ArrayList<>();
    for (ContractColumn column : columns) {
      int place = place(column.name(), found, where);
      if (place < 0) {
        absent(column, found, where, files);
      }
      places.add(place);
    }
    return places;
  }

  /** Files by what was odd about their columns. */
  SortedMap<String, Double> metrics() {
    return metrics;
  }

  private void refuseNew(List<String> found, String where, int files) {
    if (contract == null || contract.newColumns() == NewColumns.DROP) {
      return;
    }
    List<String> agreed = contract.columns().stream().map(ColumnSpec::name).toList();
    List<String> extra = new ArrayList<>(found);
    extra.removeIf(name -> agreed.stream().anyMatch(name::equalsIgnoreCase));
    if (extra.isEmpty()) {
      return;
    }
    if (contract.newColumns() == NewColumns.REJECT) {
      List<String> missing = new ArrayList<>(agreed);
      missing.removeIf(name -> found.stream().anyMatch(name::equalsIgnoreCase));
      String near = missing.isEmpty() ? "" : Suggestions.didYouMean(extra.get(0), missing);
      throw broken(
          "%s has column '%s', which contract %s does not name%s (it could name it, or say"
                  .formatted(where, String.join("', '", extra), contract.name(), near)
              + " new-columns: warn or drop)");
    }
    log.warn("{} has columns that {} does not name: {}", where, contract.name(), extra);
    extra.forEach(name -> metrics.merge("new_columns." + name, (double) files, Double::sum));
  }

  private static int place(String name, List<String> found, String where) {
    List<Integer> same = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).equalsIgnoreCase(name)) {
        same.add(i);
      }
    }
    int exact = found.indexOf(name);
    if (exact >= 0 && exact == found.lastIndexOf(name)) {
      return exact;
    }
    if (same.size() > 1) {
      throw broken("%s has the column '%s' %d times".formatted(where, name, same.size()));
    }
    return same.isEmpty() ? -1 : same.get(0);
  }

  private void absent(ContractColumn column, List<String> found, String where, int files) {
    if (!column.nullable()) {
      String likely =
          found.size() == 1 && found.get(0).matches(".*[,;\t|].*")
              ? "; is it another delimiter? options { delimiter: \";\" }"
              : "";
      throw broken(
          "%s has no column '%s', and the contract does not allow null there%s%s"
              .formatted(
                  where, column.name(), Suggestions.didYouMean(column.name(), found), likely));
    }
    log.info("{} has no column {}: read as null", where, column.name());
    metrics.merge("files_without." + column.name(), (double) files, Double::sum);
  }

  private static EngineException broken(String message) {
    return new EngineException(ErrorType.CONTRACT_BROKEN, message);
  }
}
