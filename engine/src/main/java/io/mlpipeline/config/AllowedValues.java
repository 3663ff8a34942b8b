package io.mlpipeline.config;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Whether a text is a value of a column's type, and can stand in a rule. */
final class AllowedValues {

  private AllowedValues() {}

  /** Whether a column of this type can have a list of values at all. */
  static boolean fits(String type) {
    return switch (type) {
      case "string", "date", "boolean", "tinyint", "smallint", "int", "bigint", "float", "double" ->
          true;
      default -> type.startsWith("decimal(");
    };
  }

  /** What is wrong with the value; null if nothing is. */
  static @Nullable String problem(String value, String type) {
    return switch (type) {
      case "string" -> text(value);
      case "date" -> isDate(value) ? null : "is no date: write yyyy-MM-dd";
      case "boolean" ->
          value.equals("true") || value.equals("false") ? null : "is neither true nor false";
      case "tinyint" -> whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE, type);
      case "smallint" -> whole(value, Short.MIN_VALUE, Short.MAX_VALUE, type);
      case "int" -> whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE, type);
      case "bigint" -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE, type);
      case "float", "double" -> number(value) == null ? "is no number" : null;
      default -> decimal(value, type);
    };
  }

  private static @Nullable String text(String value) {
    if (value.isEmpty()) {
      return "is the empty text: say nullable: true, or write the word that stands for it";
    }
    boolean isUnfit = value.indexOf('"') >= 0 || value.indexOf('\\') >= 0;
    for (int i = 0; i < value.length(); i++) {
      isUnfit |= Character.isISOControl(value.charAt(i));
    }
    if (isUnfit) {
      return "has a quote, a backslash or a control character, which no rule can hold: leave it out"
          + " of 'allowed' and write a rule of your own, such as ColumnValues ... matches";
    }
    return isDate(value) ? "is a date: make the column one, type: date" : null;
  }

  private static boolean isDate(String value) {
    try {
      return value.length() == 10 && LocalDate.parse(value).getYear() > 0;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static @Nullable BigDecimal number(String value) {
    try {
      BigDecimal number = value.length() > 60 ? null : new BigDecimal(value);
      boolean isWritable = number != null && Math.abs((long) number.scale()) <= 400;
      return isWritable ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable String whole(String value, long least, long most, String type) {
    BigDecimal number = number(value);
    if (number == null || number.stripTrailingZeros().scale() > 0) {
      return "is no whole number";
    }
    boolean isIn =
        number.compareTo(BigDecimal.valueOf(least)) >= 0
            && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    return isIn ? null : "does not fit " + type;
  }

  private static @Nullable String decimal(String value, String type) {
    BigDecimal number = number(value);
    if (number == null) {
      return "is no number";
    }
    int comma = type.indexOf(',');
    int precision = Integer.parseInt(type.substring("decimal(".length(), comma));
    int scale = Integer.parseInt(type.substring(comma + 1, type.length() - 1));
    BigDecimal plain = number.stripTrailingZeros();
    boolean isIn =
        plain.scale() <= scale && (long) plain.precision() - plain.scale() <= precision - scale;
    return isIn ? null : "does not fit " + type;
  }
}
