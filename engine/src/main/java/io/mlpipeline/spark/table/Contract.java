package io.mlpipeline.spark.table;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.NewColumns;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.SchemaSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Holds rows against what was agreed about them, before a single one is computed. */
final class Contract {

  /** Starts the message of the error that an empty partition value raises while it is written. */
  static final String EMPTY_PARTITION = "empty partition value: ";

  private Contract() {}

  /**
   * The schema that the table gets: the contract's, or the rows' own, nullable and without
   * metadata.
   *
   * @throws EngineException STEP_FAILED if no table can have such columns; CONTRACT_BROKEN naming
   *     every column that is missing, too many, or of another type
   */
  static StructType schema(Dataset<Row> rows, OutputSpec output) {
    List<String> problems = Schemas.problems(rows.schema());
    SchemaSpec contract = output.schema();
    if (contract != null) {
      problems.removeIf(p -> p.contains(" is void "));
    }
    if (!problems.isEmpty()) {
      throw new EngineException(
          ErrorType.STEP_FAILED,
          "output " + output.name() + " cannot be a table: " + String.join("; ", problems));
    }
    if (contract == null) {
      return Schemas.bare(rows.schema());
    }
    StructType agreed = Schemas.of(contract);
    check("output " + output.name(), rows.schema(), contract, agreed);
    return agreed;
  }

  /**
   * Throws CONTRACT_BROKEN with all differences, unless every column fits without loss and the
   * contract bears those that it does not name.
   */
  static void check(String what, StructType found, SchemaSpec contract, StructType agreed) {
    Map<String, StructField> byName = new TreeMap<>();
    for (StructField field : found.fields()) {
      byName.put(key(field), field);
    }
    List<String> problems = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (StructField field : agreed.fields()) {
      StructField own = byName.remove(key(field));
      int before = problems.size();
      if (own == null) {
        problems.add("column " + field.name() + " (" + text(field) + ") is missing");
      } else if (!Schemas.isLossless(bare(own), bare(field))) {
        problems.add(
            "column " + field.name() + " should be " + text(field) + " and is " + text(own));
      }
      if (problems.size() > before) {
        columns.add(field.name());
      }
    }
    if (contract.newColumns() == NewColumns.REJECT) {
      for (StructField extra : byName.values()) {
        problems.add("column " + extra.name() + " is not in it");
        columns.add(extra.name());
      }
    }
    if (!problems.isEmpty()) {
      throw new EngineException(
          ErrorType.CONTRACT_BROKEN,
          what + " breaks its contract " + contract.name() + ": " + String.join("; ", problems),
          Map.of("column", String.join(", ", columns)),
          null);
    }
  }

  private static String key(StructField field) {
    return field.name().toLowerCase(Locale.ROOT);
  }

  private static DataType bare(StructField field) {
    return Schemas.bare(new StructType(new StructField[] {field})).fields()[0].dataType();
  }

  private static String text(StructField field) {
    return field.dataType().catalogString();
  }

  /** The columns of the schema by name, in its order, with its types. */
  static Dataset<Row> align(Dataset<Row> rows, StructType schema, List<String> partitionBy) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      Column column = rows.col(quoted(field.name())).cast(field.dataType());
      if (partitionBy.contains(field.name()) && field.dataType() instanceof StringType) {
        // Written as a directory the empty text would come back as null.
        String message = EMPTY_PARTITION + field.name();
        column =
            functions
                .when(column.equalTo(""), functions.raise_error(functions.lit(message)))
                .otherwise(column);
      }
      columns.add(column.as(field.name()));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  /** The partition columns as the schema spells them; throws CONTRACT_BROKEN if one cannot be. */
  static List<String> partitionBy(StructType schema, OutputSpec output) {
    List<String> names = new ArrayList<>();
    for (String asked : output.partitionBy()) {
      String name = Schemas.resolve(schema, asked, "partition column", output.name());
      DataType type = schema.apply(name).dataType();
      if (!Schemas.canPartition(type)) {
        throw new EngineException(
            ErrorType.CONTRACT_BROKEN,
            "output "
                + output.name()
                + " cannot be partitioned by "
                + name
                + ", a "
                + type.catalogString()
                + ": use a text, whole number, date, boolean or decimal, for"
                + " instance cast("
                + name
                + " as date)");
      }
      names.add(name);
    }
    if (names.size() == schema.size()) {
      throw new EngineException(
          ErrorType.CONTRACT_BROKEN,
          "output " + output.name() + " is partitioned by all of its columns: leave one out");
    }
    return names;
  }

  /** A column's name as an expression, whatever is in it. */
  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
