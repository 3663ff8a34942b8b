package io.mlpipeline.explain;

import static org.apache.spark.sql.functions.lit;

import io.mlpipeline.port.TableLog;
import io.mlpipeline.spark.table.TableReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Finds the rows of one key in tables, whose key columns may be spelled otherwise. */
final class KeyedRows {

  private final SparkSession spark;
  private final Map<String, String> key;

  /**
   * Finds rows.
   *
   * @param key the wanted value, as text, by column
   */
  KeyedRows(SparkSession spark, Map<String, String> key) {
    this.spark = spark;
    this.key = Map.copyOf(key);
  }

  /** The rows with that key; empty if the table does not have the key's columns. */
  Optional<Dataset<Row>> find(TableLog.Snapshot table) {
    Dataset<Row> rows = TableReader.read(spark, table);
    Column wanted = lit(true);
    for (Map.Entry<String, String> one : key.entrySet()) {
      Optional<String> column = column(rows, one.getKey());
      if (column.isEmpty()) {
        return Optional.empty();
      }
      Column value = rows.col("`" + column.get().replace("`", "``") + "`");
      wanted = wanted.and(value.cast("string").equalTo(one.getValue()));
    }
    return Optional.of(rows.filter(wanted));
  }

  /** {@code customer_id} is {@code customerID} in the table that it was read from. */
  private static Optional<String> column(Dataset<Row> rows, String name) {
    List<String> all = List.of(rows.columns());
    return all.contains(name)
        ? Optional.of(name)
        : all.stream().filter(c -> plain(c).equals(plain(name))).findFirst();
  }

  private static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  /** The columns that a row has, as text, in order; nested values as Spark shows them. */
  static Map<String, String> texts(Row row) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String column : row.schema().fieldNames()) {
      texts.put(column, String.valueOf(row.get(row.fieldIndex(column))));
    }
    return texts;
  }

  static List<Map<String, String>> texts(List<Row> rows) {
    List<Map<String, String>> all = new ArrayList<>();
    rows.forEach(row -> all.add(texts(row)));
    return all;
  }
}
