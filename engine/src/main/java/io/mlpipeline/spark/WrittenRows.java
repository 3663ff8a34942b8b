package io.mlpipeline.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.model.CaseSpec.WrittenTable;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.Suggestions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Gives rows that somebody wrote as texts the types that they are to have; never guesses. */
public final class WrittenRows {

  private WrittenRows() {}

  /**
   * Typed rows, or what is wrong with them.
   *
   * @param schema their columns
   * @param rows the rows; none if there are problems
   * @param problems what is wrong
   */
  public record Typed(StructType schema, List<Row> rows, List<Problem> problems) {

    public Typed {
      rows = List.copyOf(rows);
      problems = List.copyOf(problems);
    }

    static Typed bad(StructType schema, List<Problem> problems) {
      return new Typed(schema, List.of(), problems);
    }
  }

  /**
   * Rows with the columns of a dataset; one that is not written is null in every row.
   *
   * @param dataset its name, for messages
   * @param known its columns; null if nobody knows, and the header says types: {@code id:bigint}
   */
  public static Typed of(
      SparkSession spark, String dataset, WrittenTable written, @Nullable StructType known) {
    StructType schema = known == null ? new StructType() : nullable(known);
    List<String> names = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    if (written.fault() != null) {
      return Typed.bad(schema, List.of(written.fault()));
    }
    for (String column : written.columns()) {
      int colon = column.lastIndexOf(':');
      String name = known == null && colon > 0 ? column.substring(0, colon).strip() : column;
      if (known == null) {
        DataType type = colon > 0 ? type(column.substring(colon + 1).strip()) : null;
        if (type == null) {
          problems.add(untyped(written, dataset, column));
        } else {
          schema = schema.add(name, type);
        }
      } else if (find(schema, name) == null) {
        String near = Suggestions.didYouMean(name, List.of(schema.fieldNames()));
        problems.add(
            new Problem(
                written.at(),
                dataset + " has no column '" + name + "'",
                near == null ? "it has " + String.join(", ", schema.fieldNames()) : near));
      }
      names.add(name);
    }
    return problems.isEmpty()
        ? typed(spark, dataset, written, names, schema)
        : Typed.bad(schema, problems);
  }

  private static Problem untyped(WrittenTable written, String dataset, String column) {
    return new Problem(
        written.at(),
        "the type of " + dataset + "." + column + " is not known",
        "write it into the header, such as " + column.replaceFirst(":.*", "") + ":bigint");
  }

  private static @Nullable DataType type(String written) {
    try {
      return DataType.fromDDL(written);
    } catch (RuntimeException noType) {
      return null;
    }
  }

  private static @Nullable StructField find(StructType schema, String name) {
    return Arrays.stream(schema.fields())
        .filter(field -> field.name().equalsIgnoreCase(name))
        .findFirst()
        .orElse(null);
  }

  private static StructType nullable(StructType schema) {
    StructType out = new StructType();
    for (StructField field : schema.fields()) {
      out = out.add(field.name(), field.dataType(), true);
    }
    return out;
  }

  private static Typed typed(
      SparkSession spark,
      String dataset,
      WrittenTable written,
      List<String> names,
      StructType schema) {
    Map<String, Integer> places = new HashMap<>();
    StructType texts = new StructType();
    for (int i = 0; i < names.size(); i++) {
      places.put(names.get(i).toLowerCase(java.util.Locale.ROOT), i);
      texts = texts.add("c" + i, DataTypes.StringType);
    }
    List<Row> cells = new ArrayList<>();
    written.rows().forEach(row -> cells.add(RowFactory.create(row.toArray())));
    Dataset<Row> rows = spark.createDataFrame(cells, texts);
    List<Column> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      Integer place = places.get(field.name().toLowerCase(java.util.Locale.ROOT));
      DataType type = field.dataType();
      columns.add(
          (place == null ? lit(null).cast(type) : cast(col("c" + place), type)).as(field.name()));
    }
    List<Row> values =
        schema.isEmpty()
            ? Collections.nCopies(cells.size(), RowFactory.create())
            : rows.select(columns.toArray(Column[]::new)).collectAsList();
    List<Problem> problems = lost(dataset, written, names, schema, values);
    return problems.isEmpty() ? new Typed(schema, values, List.of()) : Typed.bad(schema, problems);
  }

  private static Column cast(Column cell, DataType type) {
    if (type instanceof StructType || type instanceof ArrayType || type instanceof MapType) {
      return from_json(cell, type, Map.of());
    }
    if (type instanceof IntegralType) { // a cast would cut 1.5 to 1
      return when(cell.rlike("^\\s*[+-]?[0-9]+\\s*$"), cell.cast(type));
    }
    return cell.cast(type);
  }

  /** A cell that came to nothing is none of its type. */
  private static List<Problem> lost(
      String dataset,
      WrittenTable written,
      List<String> names,
      StructType schema,
      List<Row> values) {
    List<Problem> problems = new ArrayList<>();
    for (int row = 0; row < values.size(); row++) {
      for (int i = 0; i < names.size(); i++) {
        StructField field = java.util.Objects.requireNonNull(find(schema, names.get(i)));
        String cell = written.rows().get(row).get(i);
        if (cell != null && values.get(row).isNullAt(schema.fieldIndex(field.name()))) {
          problems.add(
              new Problem(
                  written.at(),
                  "%s: row %d: '%s' in column %s is no %s"
                      .formatted(
                          dataset, row + 1, cell, field.name(), field.dataType().simpleString()),
                  null));
        }
      }
    }
    return problems;
  }
}
