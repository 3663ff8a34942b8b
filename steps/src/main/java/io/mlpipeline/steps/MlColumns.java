package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nanvl;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns by the names that a pipeline gives them. */
public final class MlColumns {

  private MlColumns() {}

  /** The field of this name, whatever its case; otherwise says which is nearest. */
  public static StructField find(StructType schema, String param, String column) {
    Optional<StructField> field =
        Arrays.stream(schema.fields()).filter(f -> f.name().equalsIgnoreCase(column)).findFirst();
    return field.orElseThrow(
        () ->
            new EngineException(
                ErrorType.CONFIG_INVALID,
                param
                    + " names the column "
                    + column
                    + ", which the table does not have"
                    + nearest(schema, column)));
  }

  public static void requireNumber(StructType schema, String param, String column) {
    StructField field = find(schema, param, column);
    if (!(field.dataType() instanceof NumericType || field.dataType() instanceof BooleanType)) {
      String remedy =
          field.dataType() instanceof StringType
              ? "name it under categorical, or cast it in a sql step before"
              : "cast it in a sql step before";
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          param
              + " column "
              + field.name()
              + " is "
              + field.dataType().simpleString()
              + ", not a number: "
              + remedy);
    }
  }

  public static void requireAtom(StructType schema, String param, String column) {
    StructField field = find(schema, param, column);
    String type = field.dataType().typeName();
    if (type.equals("array")
        || type.equals("map")
        || type.equals("struct")
        || type.equals("binary")
        || field.dataType() instanceof org.apache.spark.sql.types.UserDefinedType) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          param
              + " column "
              + field.name()
              + " is "
              + field.dataType().simpleString()
              + ", which is no category");
    }
  }

  /** Refuses what is no date and no timestamp. */
  public static void requireTime(StructType schema, String param, String column) {
    StructField field = find(schema, param, column);
    String type = field.dataType().typeName();
    if (!type.equals("date") && !type.startsWith("timestamp")) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          param
              + " column "
              + field.name()
              + " is "
              + field.dataType().simpleString()
              + ", not a date or timestamp: cast it in a sql step before");
    }
  }

  public static Column named(String column) {
    return col(quoted(column));
  }

  public static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  /** As double with NaN as null and no negative zero. */
  public static Column number(Column column) {
    return nanvl(column.cast("double"), lit(null).cast("double")).plus(lit(0.0));
  }

  private static String nearest(StructType schema, String column) {
    return Arrays.stream(schema.fieldNames())
        .min(Comparator.comparingInt(name -> distance(name, column)))
        .filter(name -> distance(name, column) <= Math.max(2, column.length() / 3))
        .map(name -> "; did you mean " + name + "?")
        .orElse("; it has " + String.join(", ", schema.fieldNames()));
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
