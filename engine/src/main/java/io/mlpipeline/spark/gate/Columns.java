package io.mlpipeline.spark.gate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns by the names that rules use: any character, any case, back-quoted or not. */
final class Columns {

  private Columns() {}

  /** The top-level column of this name, dots and all. */
  static Column named(String name) {
    return functions.col(quoted(name));
  }

  /** The name as SQL text. */
  static String quoted(String name) {
    return "`" + bare(name).replace("`", "``") + "`";
  }

  /** The name without the back quotes that a user may have put around it. */
  static String bare(String name) {
    boolean isQuoted = name.length() > 2 && name.startsWith("`") && name.endsWith("`");
    return isQuoted ? name.substring(1, name.length() - 1) : name;
  }

  static Optional<StructField> find(StructType schema, String name) {
    String wanted = bare(name).toLowerCase(Locale.ROOT);
    return Arrays.stream(schema.fields())
        .filter(field -> field.name().toLowerCase(Locale.ROOT).equals(wanted))
        .findFirst();
  }
}
