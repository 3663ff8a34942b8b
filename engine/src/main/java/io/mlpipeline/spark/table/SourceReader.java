package io.mlpipeline.spark.table;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.SchemaSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads pinned files by their contract: exactly the files of the pin, and nothing is inferred from
 * data. A row that cannot be read fails the step; a step that wants to sort such rows out reads the
 * files itself.
 */
public final class SourceReader {

  /** What the step {@code ingest} calls it, and what Spark does. */
  private static final Map<String, String> SPARK_NAMES =
      Map.of(
          "multi-line", "multiLine",
          "null-value", "nullValue",
          "date-format", "dateFormat",
          "timestamp-format", "timestampFormat");

  private SourceReader() {}

  /**
   * The rows of an external input, in the order of the contract's columns.
   *
   * @throws EngineException CONFIG_INVALID if text files have no contract; CONTRACT_BROKEN if
   *     Parquet files have other columns than theirs
   */
  public static Dataset<Row> read(SparkSession spark, InputSpec input, PinnedSource source) {
    if (input.kind() == InputKind.JDBC) {
      return agreed(JdbcRows.read(spark, input), input);
    }
    Map<String, String> options = new HashMap<>();
    basePath(source).ifPresent(base -> options.put("basePath", base));
    String format = Objects.requireNonNull(input.format());
    if (format.equals("parquet")) {
      options.put("mergeSchema", Boolean.toString(source.files().size() > 1));
      options.putAll(input.options());
      return columnar(spark, input, options, paths(source));
    }
    if (format.equals("orc") || format.equals("avro")) {
      options.putAll(input.options());
      return columnar(spark, input, options, paths(source));
    }
    options.put("mode", "FAILFAST");
    if (format.equals("csv")) {
      options.put("header", "true");
      // Spark's default takes columns by position, whatever the header says.
      options.put("enforceSchema", "false");
    }
    input.options().forEach((key, value) -> options.put(SPARK_NAMES.getOrDefault(key, key), value));
    return text(spark, input, format, options, paths(source));
  }

  private static Dataset<Row> text(
      SparkSession spark,
      InputSpec input,
      String format,
      Map<String, String> options,
      String[] paths) {
    SchemaSpec contract = input.schema();
    if (contract == null) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "input "
              + input.name()
              + " is "
              + format
              + " and has no schema: name one with `schema:`");
    }
    StructType schema = Schemas.bare(Schemas.of(contract));
    if (paths.length == 0) {
      return spark.createDataFrame(List.of(), schema);
    }
    return select(spark.read().format(format).options(options).schema(schema).load(paths), schema);
  }

  private static Dataset<Row> columnar(
      SparkSession spark, InputSpec input, Map<String, String> options, String[] paths) {
    SchemaSpec contract = input.schema();
    if (paths.length == 0) {
      StructType schema = contract == null ? new StructType() : Schemas.bare(Schemas.of(contract));
      return spark.createDataFrame(List.of(), schema);
    }
    String format = Objects.requireNonNull(input.format());
    return agreed(spark.read().format(format).options(options).load(paths), input);
  }

  private static Dataset<Row> agreed(Dataset<Row> rows, InputSpec input) {
    SchemaSpec contract = input.schema();
    if (contract == null) {
      return rows;
    }
    StructType agreed = Schemas.bare(Schemas.of(contract));
    Contract.check("input " + input.name(), rows.schema(), contract.name(), agreed);
    return select(rows, agreed);
  }

  private static Dataset<Row> select(Dataset<Row> rows, StructType schema) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      columns.add(
          functions.col(Contract.quoted(field.name())).cast(field.dataType()).as(field.name()));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  /**
   * The pinned files, and not what their names would match as globs. Spark's own switch for that
   * reads every file once for each path that looks like a glob.
   */
  private static String[] paths(PinnedSource source) {
    return source.files().stream()
        .map(file -> file.path().replaceAll("[{}\\[\\]*?\\\\]", "\\\\$0"))
        .toArray(String[]::new);
  }

  /** The location of files that lie in directories like {@code day=2024-06-01}. */
  private static java.util.Optional<String> basePath(PinnedSource source) {
    return source.files().stream()
        .filter(file -> file.name().toLowerCase(Locale.ROOT).matches("([^/]*=[^/]*/)+[^/]*"))
        .filter(file -> file.path().endsWith("/" + file.name()))
        .map(file -> file.path().substring(0, file.path().length() - file.name().length() - 1))
        .findFirst();
  }
}
