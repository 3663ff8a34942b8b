package io.mlpipeline.spark.suggest;

import java.util.regex.Pattern;

/**
 * Forms of texts: a digit is {@code 9}, a small letter {@code a}, a capital {@code A}, everything
 * else is itself, so that {@code DE-4711} has the form {@code AA-9999}. A form may be loose: then a
 * run of equal signs is one sign with a {@code +} before it.
 */
final class Forms {

  /** What {@code translate} maps, sign by sign. */
  static final String FROM = "012345678" + letters('a') + letters('A');

  static final String TO = "9".repeat(9) + "a".repeat(26) + "A".repeat(26);

  private static final int LONGEST = 40;

  private Forms() {}

  private static String letters(char first) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 26; i++) {
      all.append((char) (first + i));
    }
    return all.toString();
  }

  /** The pattern of a form; empty if the form says too little to ask for it. */
  static String pattern(String form) {
    boolean isLoose = form.startsWith("+");
    String signs = isLoose ? form.substring(1) : form;
    boolean saysSomething =
        signs.chars().anyMatch(c -> c == '9')
            || (!isLoose && signs.length() <= 3 && !signs.isEmpty());
    return saysSomething && signs.length() <= LONGEST && isPlain(signs)
        ? regex(signs, isLoose)
        : "";
  }

  /** Whether it can stand in a rule between quotes. */
  private static boolean isPlain(String signs) {
    return signs.chars().allMatch(c -> c >= ' ' && c < 127 && c != '"' && c != '\\');
  }

  private static String regex(String signs, boolean isLoose) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < signs.length(); ) {
      int end = i;
      while (end < signs.length() && signs.charAt(end) == signs.charAt(i)) {
        end++;
      }
      out.append(sign(signs.charAt(i)));
      if (isLoose && isClass(signs.charAt(i))) {
        out.append('+');
      } else if (end - i > 1) {
        out.append('{').append(end - i).append('}');
      }
      i = end;
    }
    return out.toString();
  }

  private static boolean isClass(char sign) {
    return sign == '9' || sign == 'a' || sign == 'A';
  }

  private static String sign(char sign) {
    return switch (sign) {
      case '9' -> "[0-9]";
      case 'a' -> "[a-z]";
      case 'A' -> "[A-Z]";
      default -> special(sign);
    };
  }

  /** In brackets and not behind a backslash, which HOCON and DQDL read each in their own way. */
  private static String special(char sign) {
    boolean isWord = Character.isLetterOrDigit(sign) || " -_,:;/@%&=~<>!'".indexOf(sign) >= 0;
    String text = sign == '^' ? "\\^" : "[" + sign + "]";
    return isWord
        ? String.valueOf(sign)
        : Pattern.matches("[\\[\\]^]", String.valueOf(sign)) ? "." : text;
  }
}
