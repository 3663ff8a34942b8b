package io.mlpipeline.spark;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Freshness;
import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Judges rows by the newest value of a column. */
final class FreshRows {

  private FreshRows() {}

  static void check(Dataset<Row> rows, Freshness asked) {
    StructField field =
        Arrays.stream(rows.schema().fields())
            .filter(f -> f.name().equalsIgnoreCase(asked.column()) && isDated(f.dataType()))
            .findFirst()
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorType.CONFIG_INVALID,
                        "max-age-column %s of %s is no date or timestamp of it"
                            .formatted(asked.column(), asked.input())));
    Row newest =
        rows.agg(functions.max(rows.col("`" + field.name() + "`")).cast(DataTypes.TimestampType))
            .head();
    asked.check(newest.isNullAt(0) ? null : newest.getTimestamp(0).toInstant());
  }

  private static boolean isDated(DataType type) {
    return type.equals(DataTypes.DateType)
        || type.equals(DataTypes.TimestampType)
        || type.equals(DataTypes.TimestampNTZType);
  }
}
