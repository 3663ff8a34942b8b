package io.mlpipeline.spark.table;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rows as a quarantine holds them: a dataset's columns, all nullable, and what is known of each.
 */
public final class QuarantineRows {

  private static final DataType TEXTS = DataTypes.createArrayType(DataTypes.StringType);

  private QuarantineRows() {}

  /** The columns of the quarantine of a dataset with these columns. */
  public static StructType schema(StructType dataset) {
    StructType schema = Schemas.bare(dataset);
    for (String taken : List.of(QuarantineTable.RULES, QuarantineTable.REASON)) {
      if (find(schema, taken).isPresent()) {
        throw new EngineException(
            ErrorType.CONTRACT_BROKEN,
            "a dataset with a quarantine cannot have a column " + taken + ": rename it");
      }
    }
    schema = schema.add(QuarantineTable.RULES, TEXTS);
    for (String text :
        List.of(
            QuarantineTable.REASON,
            QuarantineTable.SOURCE_FILE,
            QuarantineTable.RECORD,
            QuarantineTable.RUN,
            QuarantineTable.ATTEMPT)) {
      if (find(schema, text).isEmpty()) {
        schema = schema.add(text, DataTypes.StringType);
      }
    }
    return schema;
  }

  /** The quarantine of a dataset, without any file yet. */
  public static StagedTable table(
      String port, String dataset, StructType columns, AttemptCall call) {
    String name = QuarantineTable.of(dataset);
    return new StagedTable(
        port,
        name,
        call.pipeline() + "/" + name,
        call.attempt(),
        schema(columns).json(),
        List.of(),
        List.of());
  }

  /**
   * Rows in the form of the quarantine; what they do not have is null, but for the run and the
   * attempt, which are those of now.
   */
  public static Dataset<Row> of(Dataset<Row> rows, StructType dataset, AttemptCall call) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : schema(dataset).fields()) {
      Optional<StructField> own = find(rows.schema(), field.name());
      Column value = own.map(f -> rows.col(Contract.quoted(f.name()))).orElse(functions.lit(null));
      if (find(dataset, field.name()).isEmpty()) {
        value =
            switch (field.name()) {
              case QuarantineTable.RUN -> functions.lit(call.run());
              case QuarantineTable.ATTEMPT -> functions.lit(call.attempt());
              case QuarantineTable.RULES -> functions.coalesce(value, functions.array());
              default -> value;
            };
      }
      columns.add(value.cast(field.dataType()).as(field.name()));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  /** Marked rows of a quarantine that stay in it: who set each apart does not change. */
  public static Dataset<Row> again(Dataset<Row> rows, StructType dataset) {
    return rows.select(
        Arrays.stream(schema(dataset).fieldNames())
            .map(name -> rows.col(Contract.quoted(name)))
            .toArray(Column[]::new));
  }

  /**
   * Rows that a step hands over: each has a reason, for no rule of the gate can say whether such a
   * row is in order now.
   */
  public static Dataset<Row> handedOver(Dataset<Row> rows) {
    Column rules =
        find(rows.schema(), QuarantineTable.RULES).isPresent()
            ? functions.array_join(functions.col(QuarantineTable.RULES), ", ")
            : functions.lit("");
    Column words = functions.concat(functions.lit("set apart by the step: "), rules);
    Column reason =
        find(rows.schema(), QuarantineTable.REASON).isPresent()
            ? functions.coalesce(functions.col(QuarantineTable.REASON), words)
            : words;
    return rows.withColumn(QuarantineTable.REASON, reason);
  }

  /** A step's own rows as they are staged, and where each was read. */
  public static Dataset<Row> aligned(Dataset<Row> computed, StagedTable table) {
    StructType schema = Schemas.bare(Schemas.parse(table.schemaJson()));
    List<Column> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      columns.add(
          computed.col(Contract.quoted(field.name())).cast(field.dataType()).as(field.name()));
    }
    columns.add(computed.col(QuarantineTable.SOURCE_FILE));
    return computed.select(columns.toArray(Column[]::new));
  }

  /** Rows that come straight from files, and which file each came from. */
  public static Dataset<Row> withFile(Dataset<Row> rows) {
    if (find(rows.schema(), QuarantineTable.SOURCE_FILE).isPresent()) {
      return rows;
    }
    Column file = functions.input_file_name();
    return rows.withColumn(QuarantineTable.SOURCE_FILE, functions.when(file.notEqual(""), file));
  }

  /** The dataset's own columns of rows of its quarantine. */
  public static Dataset<Row> own(Dataset<Row> rows, StructType dataset) {
    return rows.select(
        Arrays.stream(dataset.fieldNames())
            .map(name -> rows.col(Contract.quoted(name)))
            .toArray(Column[]::new));
  }

  private static Optional<StructField> find(StructType schema, String name) {
    return Arrays.stream(schema.fields())
        .filter(f -> f.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }
}
