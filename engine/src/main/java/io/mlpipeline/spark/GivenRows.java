package io.mlpipeline.spark;

import io.mlpipeline.spark.table.Schemas;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rows that are known beforehand, in the place of those of some datasets; all others are read.
 *
 * @param tables the rows by dataset
 * @param absent why a model is not there, by its name
 */
public record GivenRows(SortedMap<String, Table> tables, SortedMap<String, String> absent)
    implements StandIns {

  public GivenRows {
    tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    absent = Collections.unmodifiableSortedMap(new TreeMap<>(absent));
  }

  /**
   * The rows of a dataset.
   *
   * @param schemaJson its columns, as Spark's and Delta's JSON
   * @param rows values in the order of the columns
   */
  public record Table(String schemaJson, List<Row> rows) {

    public Table {
      rows = List.copyOf(rows);
    }
  }

  /** Nothing is absent. */
  public static GivenRows of(Map<String, Table> tables) {
    return new GivenRows(new TreeMap<>(tables), Collections.emptySortedMap());
  }

  @Override
  public Dataset<Row> rows(SparkSession spark, String dataset, Supplier<Dataset<Row>> published) {
    Table table = tables.get(dataset);
    return table == null
        ? published.get()
        : spark.createDataFrame(table.rows(), Schemas.parse(table.schemaJson()));
  }

  @Override
  public boolean isWhole(String dataset) {
    return !tables.containsKey(dataset);
  }

  @Override
  public Optional<String> findAbsence(String model) {
    return Optional.ofNullable(absent.get(model));
  }
}
