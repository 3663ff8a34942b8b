package io.mlpipeline.config;

/** ASCII only, whatever the locale. */
final class Chars {

  private Chars() {}

  static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  static boolean isLetter(char c) {
    return isLower(c) || (c >= 'A' && c <= 'Z');
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** A letter, a digit or an underscore. */
  static boolean isWordPart(char c) {
    return isLetter(c) || isDigit(c) || c == '_';
  }

  /** Lower-case letters, digits, - and _, a letter first. */
  static boolean isKebab(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLower(c) && (i == 0 || !(isDigit(c) || c == '-' || c == '_'))) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
