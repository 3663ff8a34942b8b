package io.mlpipeline.spark.table;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.NewColumns;
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
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
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
   * @param leftOut is told of columns that the contract does not name
   * @throws EngineException CONFIG_INVALID if text files have no contract; CONTRACT_BROKEN if files
   *     with columns of their own have others than it
   */
  public static Dataset<Row> read(
      SparkSession spark, InputSpec input, PinnedSource source, LeftOut leftOut) {
    if (input.kind() == InputKind.JDBC) {
      return agreed(JdbcRows.read(spark, input), input, leftOut);
    }
    Map<String, String> options = new HashMap<>();
    basePath(source).ifPresent(base -> options.put("basePath", base));
    String format = Objects.requireNonNull(input.format());
    if (format.equals("parquet")) {
      options.put("mergeSchema", Boolean.toString(source.files().size() > 1));
      options.putAll(input.options());
      return columnar(spark, input, options, paths(source), leftOut);
    }
    if (format.equals("orc") || format.equals("avro")) {
      options.putAll(input.options());
      return columnar(spark, input, options, paths(source), leftOut);
    }
    options.put("mode", "FAILFAST");
    if (format.equals("csv")) {
      options.put("header", "true");
      // Spark's default takes columns by position, whatever the header says.
      options.put("enforceSchema", "false");
    }
    input.options().forEach((key, value) -> options.put(SPARK_NAMES.getOrDefault(key, key), value));
    SchemaSpec contract = contract(input);
    StructType schema = Schemas.bare(Schemas.of(contract));
    String[] paths = paths(source);
    if (paths.length == 0) {
      return spark.createDataFrame(List.of(), schema);
    }
    boolean isNamed = format.equals("csv") && "true".equals(options.get("header"));
    StructType found =
        isNamed && contract.newColumns() != NewColumns.REJECT
            ? named(spark, options, paths, schema)
            : schema;
    Dataset<Row> rows = spark.read().format(format).options(options).schema(found).load(paths);
    return fit(rows, input.name(), contract, leftOut);
  }

  /** The columns of CSV files as their header names them: those of the contract, and texts. */
  private static StructType named(
      SparkSession spark, Map<String, String> options, String[] paths, StructType agreed) {
    StructType found = new StructType();
    for (String name : spark.read().options(options).csv(paths).columns()) {
      DataType type = DataTypes.StringType;
      for (StructField field : agreed.fields()) {
        type = field.name().equalsIgnoreCase(name) ? field.dataType() : type;
      }
      found = found.add(name, type);
    }
    return found;
  }

  private static SchemaSpec contract(InputSpec input) {
    SchemaSpec contract = input.schema();
    if (contract == null) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "input "
              + input.name()
              + " is "
              + input.format()
              + " and has no schema: name one with `schema:`");
    }
    return contract;
  }

  /**
   * The rows with the columns of a contract, in its order and types.
   *
   * @throws EngineException CONTRACT_BROKEN if a column is missing, of another type, or too many
   */
  public static Dataset<Row> fit(
      Dataset<Row> rows, String input, SchemaSpec contract, LeftOut leftOut) {
    StructType agreed = Schemas.bare(Schemas.of(contract));
    Contract.check("input " + input, rows.schema(), contract, agreed);
    leftOut.note(input, rows.schema(), contract);
    return select(rows, agreed);
  }

  private static Dataset<Row> columnar(
      SparkSession spark,
      InputSpec input,
      Map<String, String> options,
      String[] paths,
      LeftOut leftOut) {
    SchemaSpec contract = input.schema();
    if (paths.length == 0) {
      StructType schema = contract == null ? new StructType() : Schemas.bare(Schemas.of(contract));
      return spark.createDataFrame(List.of(), schema);
    }
    String format = Objects.requireNonNull(input.format());
    return agreed(spark.read().format(format).options(options).load(paths), input, leftOut);
  }

  private static Dataset<Row> agreed(Dataset<Row> rows, InputSpec input, LeftOut leftOut) {
    SchemaSpec contract = input.schema();
    return contract == null ? rows : fit(rows, input.name(), contract, leftOut);
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
