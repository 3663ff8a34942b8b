package io.mlpipeline.spark.table;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads files of which nothing is known but their format. */
public final class GuessedFiles {

  private static final String DELIMITERS = ",;\t|";

  private GuessedFiles() {}

  /**
   * The rows; CSV as texts, with a header, by the delimiter that its first line has most of. A line
   * that does not fit the header, or a file with another header than the first, fails when rows are
   * asked for: nothing is taken by position.
   *
   * @param format {@code csv}, {@code json}, {@code parquet} or {@code orc}
   */
  public static Dataset<Row> read(SparkSession spark, String path, String format) {
    Map<String, String> options = new HashMap<>();
    if (format.equals("csv")) {
      options.put("header", "true");
      options.put("multiLine", "true");
      options.put("escape", "\"");
      options.put("delimiter", String.valueOf(delimiter(first(spark, path))));
      options.put("mode", "FAILFAST");
      options.put("enforceSchema", "false");
    } else if (format.equals("json") && first(spark, path).strip().startsWith("[")) {
      options.put("multiLine", "true");
    }
    if (format.equals("parquet") || format.equals("orc")) {
      options.put("mergeSchema", "true");
    }
    Dataset<Row> rows = spark.read().format(format).options(options).load(path);
    for (String name : rows.columns()) {
      if (name.startsWith("\uFEFF")) {
        rows = rows.withColumnRenamed(name, name.substring(1));
      }
    }
    return rows;
  }

  private static String first(SparkSession spark, String path) {
    List<Row> lines = spark.read().text(path).takeAsList(1);
    return lines.isEmpty() ? "" : lines.get(0).getString(0);
  }

  private static char delimiter(String line) {
    char best = ',';
    long most = 0;
    for (int i = 0; i < DELIMITERS.length(); i++) {
      char one = DELIMITERS.charAt(i);
      long times = line.chars().filter(c -> c == one).count();
      if (times > most) {
        best = one;
        most = times;
      }
    }
    return best;
  }
}
