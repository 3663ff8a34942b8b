package io.mlpipeline.spark.sink;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;

/** What columns are in PostgreSQL, and in which columns that are there already they fit. */
final class PostgresTypes {

  private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+),(\\d+)\\)");
  private static final Set<String> IN_ARRAYS =
      Set.of("boolean", "integer", "bigint", "real", "double precision", "text");

  private PostgresTypes() {}

  /** The type of a column, as PostgreSQL itself writes it; empty if it has none. */
  static Optional<String> of(DataType type) {
    if (type instanceof DecimalType decimal) {
      return Optional.of("numeric(" + decimal.precision() + "," + decimal.scale() + ")");
    }
    if (type instanceof ArrayType array) {
      return of(array.elementType()).filter(IN_ARRAYS::contains).map(element -> element + "[]");
    }
    return switch (type.typeName()) {
      case "boolean", "integer", "date" -> Optional.of(type.typeName());
      case "byte", "short" -> Optional.of("smallint");
      case "long" -> Optional.of("bigint");
      case "float" -> Optional.of("real");
      case "double" -> Optional.of("double precision");
      case "string" -> Optional.of("text");
      case "binary" -> Optional.of("bytea");
      case "timestamp" -> Optional.of("timestamp with time zone");
      default -> Optional.empty();
    };
  }

  /** Whether every value of a type of ours is kept as it is by a column of the other type. */
  static boolean fits(String ours, String theirs) {
    return ours.equals(theirs)
        || switch (ours) {
          case "smallint" -> Set.of("integer", "bigint", "numeric").contains(theirs);
          case "integer" -> Set.of("bigint", "numeric").contains(theirs);
          case "bigint" -> theirs.equals("numeric");
          case "real" -> theirs.equals("double precision");
          case "text" -> theirs.startsWith("character varying"); // a longer text is refused there
          default -> ours.startsWith("numeric") && fitsNumeric(ours, theirs);
        };
  }

  private static boolean fitsNumeric(String ours, String theirs) {
    Matcher own = NUMERIC.matcher(ours);
    Matcher other = NUMERIC.matcher(theirs);
    if (!own.matches() || !other.matches()) {
      return theirs.equals("numeric");
    }
    int fraction = Integer.parseInt(other.group(2)) - Integer.parseInt(own.group(2));
    int digits = Integer.parseInt(other.group(1)) - Integer.parseInt(own.group(1));
    return fraction >= 0 && digits >= fraction;
  }
}
