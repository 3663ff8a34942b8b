package io.mlpipeline.spark;

import io.mlpipeline.spark.table.Schemas;
import io.mlpipeline.step.RowSample;
import io.mlpipeline.step.RowsNeededException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rows that are known beforehand, in the place of those of some datasets. All others are read.
 *
 * @param tables the rows by dataset
 * @param emptied datasets of which the columns are read, and no row
 * @param absent why a dataset or model is not there, by its name
 */
public record GivenRows(
    SortedMap<String, Table> tables, Set<String> emptied, SortedMap<String, String> absent)
    implements StandIns {

  public GivenRows {
    tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    emptied = Set.copyOf(emptied);
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
    return new GivenRows(new TreeMap<>(tables), Set.of(), Collections.emptySortedMap());
  }

  @Override
  public Dataset<Row> rows(SparkSession spark, String dataset, Supplier<Dataset<Row>> published) {
    String missing = absent.get(dataset);
    if (missing != null) {
      throw new RowsNeededException(missing);
    }
    Table table = tables.get(dataset);
    if (table == null) {
      return emptied.contains(dataset) ? published.get().limit(0) : published.get();
    }
    return spark.createDataFrame(table.rows(), Schemas.parse(table.schemaJson()));
  }

  @Override
  public Optional<RowSample> sample(String dataset) {
    return emptied.contains(dataset) ? Optional.of(RowSample.NOTHING) : Optional.empty();
  }

  @Override
  public boolean isWhole(String dataset) {
    return !tables.containsKey(dataset) && !emptied.contains(dataset);
  }

  @Override
  public Optional<String> findAbsence(String model) {
    return Optional.ofNullable(absent.get(model));
  }
}
