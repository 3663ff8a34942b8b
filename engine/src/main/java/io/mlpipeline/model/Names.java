package io.mlpipeline.model;

import java.util.regex.Pattern;

/** The one rule for names of pipelines, steps, datasets and models. */
public final class Names {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,127}");

  private Names() {}

  /** Says if the name may be used; such a name is safe in a path, a URI and a SQL identifier. */
  public static boolean isValid(String name) {
    return NAME.matcher(name).matches();
  }

  /** Returns the name, or throws {@link IllegalArgumentException} if it may not be used. */
  public static String check(String kind, String name) {
    if (!isValid(name)) {
      throw new IllegalArgumentException(
          kind + " name '" + name + "' must match " + NAME.pattern());
    }
    return name;
  }

  /** A Java name as a key: {@code maxIter} and {@code MAX_ITER} are {@code max-iter}. */
  public static String kebab(String javaName) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < javaName.length(); i++) {
      char c = javaName.charAt(i);
      boolean upper = Character.isUpperCase(c);
      boolean afterLower = i > 0 && !Character.isUpperCase(javaName.charAt(i - 1));
      boolean beforeLower = i + 1 < javaName.length() && isLower(javaName.charAt(i + 1));
      if (c == '_') {
        out.append('-');
      } else if (upper && i > 0 && (afterLower || beforeLower) && !endsWithDash(out)) {
        out.append('-').append(Character.toLowerCase(c));
      } else {
        out.append(Character.toLowerCase(c));
      }
    }
    return out.toString();
  }

  private static boolean isLower(char c) {
    return Character.isLowerCase(c);
  }

  private static boolean endsWithDash(StringBuilder out) {
    return out.length() > 0 && out.charAt(out.length() - 1) == '-';
  }
}
