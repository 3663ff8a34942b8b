package io.mlpipeline.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Paths of keys: split as HOCON does, joined for maps and for people. */
final class Keys {

  private static final char SEPARATOR = '\u0001';

  private Keys() {}

  /** The elements of a path as written; null if it is no path. */
  static @Nullable List<String> split(String written) {
    if (!isPlain(written)) {
      try {
        return ConfigUtil.splitPath(written);
      } catch (ConfigException notAPath) {
        return null;
      }
    }
    List<String> elements = new ArrayList<>(3);
    int from = 0;
    for (int dot = written.indexOf('.'); dot >= 0; dot = written.indexOf('.', from)) {
      elements.add(written.substring(from, dot));
      from = dot + 1;
    }
    elements.add(written.substring(from));
    return elements.contains("") ? null : elements;
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isPlain(c) && c != '.') {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(char c) {
    return Chars.isWordPart(c) || c == '-';
  }

  /** One text for a path, to look it up by. */
  static String join(List<String> path) {
    if (path.size() == 1) {
      return path.get(0);
    }
    return String.join(String.valueOf(SEPARATOR), path);
  }

  /** The joined path of a member. */
  static String member(String parent, String name) {
    return parent.isEmpty() ? name : parent + SEPARATOR + name;
  }

  /** The joined path of what holds this; empty for a top-level key. */
  static String parent(String joined) {
    int end = joined.lastIndexOf(SEPARATOR);
    return end < 0 ? "" : joined.substring(0, end);
  }

  /** The last element of a joined path. */
  static String last(String joined) {
    return joined.substring(joined.lastIndexOf(SEPARATOR) + 1);
  }

  /** The first element of a joined path. */
  static String first(String joined) {
    int end = joined.indexOf(SEPARATOR);
    return end < 0 ? joined : joined.substring(0, end);
  }

  /** What sorts after every path below this one and before all others. */
  static String endOf(String joined) {
    return joined + (char) (SEPARATOR + 1);
  }

  /** A joined path for people. */
  static String show(String joined) {
    if (joined.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    int from = 0;
    while (from <= joined.length()) {
      int end = joined.indexOf(SEPARATOR, from);
      String element = joined.substring(from, end < 0 ? joined.length() : end);
      if (out.length() > 0 && !element.startsWith("[")) {
        out.append('.');
      }
      out.append(quoted(element));
      from = end < 0 ? joined.length() + 1 : end + 1;
    }
    return out.toString();
  }

  private static String quoted(String element) {
    boolean index = element.startsWith("[") && element.endsWith("]");
    boolean plain = !element.isEmpty() && isPlain(element) && element.indexOf('.') < 0;
    return (plain || index) ? clean(element) : '"' + clean(element) + '"';
  }

  /** A text that a user wrote, safe on one line of a terminal and not too long. */
  static String clean(String written) {
    boolean fits = written.length() <= 120;
    return fits ? visible(written) : visible(written.substring(0, 120)) + "...";
  }

  /** The same whatever its length. */
  static String visible(String written) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      int type = Character.getType(c);
      boolean unseen = Character.isISOControl(c) || type == Character.FORMAT;
      out.append(unseen ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    return out.toString();
  }
}
