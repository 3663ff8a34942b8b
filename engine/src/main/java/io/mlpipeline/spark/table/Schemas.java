package io.mlpipeline.spark.table;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.SchemaSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.CalendarIntervalType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** What may be a table's schema, and how schemas compare. Pure functions over Spark's types. */
public final class Schemas {

  private static final String FORBIDDEN = " ,;{}()\n\t=";

  private Schemas() {}

  /** The schema of a contract; fields nullable as it says. */
  public static StructType of(SchemaSpec contract) {
    StructType schema = new StructType();
    for (ColumnSpec column : contract.columns()) {
      DataType type = bare(DataType.fromDDL(column.type()));
      schema =
          schema.add(new StructField(column.name(), type, column.nullable(), Metadata.empty()));
    }
    return schema;
  }

  /** The same schema as Spark's and Delta's JSON says it. */
  public static StructType parse(String json) {
    return (StructType) DataType.fromJson(json);
  }

  /** The same names, order and types; everything nullable, without metadata. */
  static StructType bare(StructType schema) {
    return (StructType) bare((DataType) schema);
  }

  private static DataType bare(DataType type) {
    if (type instanceof StructType struct) {
      StructType out = new StructType();
      for (StructField field : struct.fields()) {
        out =
            out.add(new StructField(field.name(), bare(field.dataType()), true, Metadata.empty()));
      }
      return out;
    }
    if (type instanceof ArrayType array) {
      return new ArrayType(bare(array.elementType()), true);
    }
    if (type instanceof MapType map) {
      return new MapType(bare(map.keyType()), bare(map.valueType()), true);
    }
    return type;
  }

  /** What Delta or Kernel could not store, one sentence each; empty if all is well. */
  static List<String> problems(StructType schema) {
    List<String> problems = new ArrayList<>();
    if (schema.isEmpty()) {
      problems.add("there is no column at all");
    }
    structProblems("", schema, problems);
    return problems;
  }

  private static void structProblems(String prefix, StructType struct, List<String> problems) {
    Set<String> seen = new HashSet<>();
    for (StructField field : struct.fields()) {
      String name = prefix + field.name();
      if (!seen.add(field.name().toLowerCase(Locale.ROOT))) {
        problems.add(
            "there are two columns " + name + " (case does not count): rename or drop one");
      }
      if (field.name().isEmpty() || field.name().chars().anyMatch(c -> FORBIDDEN.indexOf(c) >= 0)) {
        problems.add(
            "column '"
                + name.replace("\n", "\\n").replace("\t", "\\t")
                + "' has a character that Parquet and Delta refuse (one of space , ; { } ( ) = tab"
                + " newline), or no name: rename it with `as`");
      }
      typeProblems(name, field.dataType(), problems);
    }
  }

  private static void typeProblems(String name, DataType type, List<String> problems) {
    if (type instanceof StructType struct) {
      if (struct.isEmpty()) {
        problems.add("column " + name + " is a struct without fields: drop it");
      }
      structProblems(name + ".", struct, problems);
    } else if (type instanceof ArrayType array) {
      typeProblems(name + ".element", array.elementType(), problems);
    } else if (type instanceof MapType map) {
      typeProblems(name + ".key", map.keyType(), problems);
      typeProblems(name + ".value", map.valueType(), problems);
    } else if (type instanceof UserDefinedType<?>) {
      problems.add(
          "column "
              + name
              + " is a "
              + type.typeName()
              + ", which no table can hold: turn it into"
              + " an array with vector_to_array, or drop it");
    } else if (type instanceof NullType) {
      problems.add(
          "column " + name + " is void (only ever null): give it a type with cast(null as TYPE)");
    } else if (isInterval(type)) {
      problems.add(
          "column "
              + name
              + " is an "
              + type.simpleString()
              + ": store a number of days or seconds"
              + " instead");
    } else if (type instanceof TimestampNTZType) {
      problems.add(
          "column "
              + name
              + " is a timestamp_ntz, which needs a table feature that not every"
              + " reader has: use cast("
              + name
              + " as timestamp)");
    }
  }

  private static boolean isInterval(DataType type) {
    return type instanceof CalendarIntervalType
        || type instanceof DayTimeIntervalType
        || type instanceof YearMonthIntervalType;
  }

  /** Why a column cannot name directories; null if it can. */
  static boolean canPartition(DataType type) {
    return type instanceof StringType
        || type instanceof DateType
        || type instanceof BooleanType
        || type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType
        || type instanceof DecimalType;
  }

  /** Whether every value of one type is exactly a value of the other; same shape if nested. */
  static boolean isLossless(DataType from, DataType to) {
    if (from.equals(to)) {
      return true;
    }
    if (from instanceof StructType a && to instanceof StructType b) {
      return isLosslessStruct(a, b);
    }
    if (from instanceof ArrayType a && to instanceof ArrayType b) {
      return isLossless(a.elementType(), b.elementType());
    }
    if (from instanceof MapType a && to instanceof MapType b) {
      return isLossless(a.keyType(), b.keyType()) && isLossless(a.valueType(), b.valueType());
    }
    return !isRounding(from, to) && Cast.canUpCast(from, to);
  }

  private static boolean isLosslessStruct(StructType from, StructType to) {
    boolean same = from.size() == to.size();
    for (int i = 0; same && i < from.size(); i++) {
      StructField a = from.fields()[i];
      StructField b = to.fields()[i];
      same = a.name().equalsIgnoreCase(b.name()) && isLossless(a.dataType(), b.dataType());
    }
    return same;
  }

  /** What Spark calls an upcast and we do not: digits get lost, or numbers turn into text. */
  private static boolean isRounding(DataType from, DataType to) {
    boolean toFloat = to instanceof FloatType;
    boolean toReal = toFloat || to instanceof DoubleType;
    boolean tooWide =
        (from instanceof LongType && toReal)
            || (from instanceof IntegerType && toFloat)
            || (from instanceof DecimalType && toReal);
    boolean text =
        !(from instanceof NullType) && (to instanceof StringType || to instanceof BinaryType);
    return tooWide || text;
  }

  /** The column of this name, case not counting; throws CONTRACT_BROKEN if there is none. */
  static String resolve(StructType schema, String name, String role, String dataset) {
    for (StructField field : schema.fields()) {
      if (field.name().equalsIgnoreCase(name)) {
        return field.name();
      }
    }
    throw new EngineException(
        ErrorType.CONTRACT_BROKEN,
        "output "
            + dataset
            + " has no column "
            + name
            + ", which is its "
            + role
            + "; its columns are "
            + String.join(", ", schema.fieldNames()));
  }

  /** Whether every column is a stored one, of the same type. */
  public static boolean isWithin(StructType columns, StructType stored) {
    List<String> names = Arrays.asList(stored.fieldNames());
    return Arrays.stream(columns.fields())
        .allMatch(
            field ->
                names.contains(field.name())
                    && stored.apply(field.name()).dataType().sameType(field.dataType()));
  }
}
