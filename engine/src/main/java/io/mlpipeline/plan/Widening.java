package io.mlpipeline.plan;

import java.util.List;
import java.util.Map;

/** Types as contracts spell them: whether every value of one is exactly a value of the other. */
final class Widening {

  private static final List<String> WHOLE = List.of("tinyint", "smallint", "int", "bigint");
  private static final Map<String, Integer> DIGITS =
      Map.of("tinyint", 3, "smallint", 5, "int", 10, "bigint", 20);

  private Widening() {}

  static boolean isLossless(String from, String to) {
    if (from.equals(to)) {
      return true;
    }
    if (WHOLE.contains(from) && WHOLE.contains(to)) {
      return WHOLE.indexOf(from) <= WHOLE.indexOf(to);
    }
    return switch (to) {
      case "float" -> from.equals("tinyint") || from.equals("smallint");
      case "double" -> from.equals("float") || (WHOLE.contains(from) && !from.equals("bigint"));
      case "timestamp" -> from.equals("date");
      default -> isDecimal(to) && fits(from, to);
    };
  }

  private static boolean fits(String from, String to) {
    int whole = number(to, 0) - number(to, 1);
    Integer digits = DIGITS.get(from);
    if (digits != null) {
      return digits <= whole;
    }
    return isDecimal(from)
        && number(from, 0) - number(from, 1) <= whole
        && number(from, 1) <= number(to, 1);
  }

  private static boolean isDecimal(String type) {
    return type.startsWith("decimal(");
  }

  private static int number(String decimal, int at) {
    String inner = decimal.substring("decimal(".length(), decimal.length() - 1);
    return Integer.parseInt(inner.split(",", -1)[at]);
  }
}
