package io.mlpipeline.delta;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.regex.Pattern;

/** What a key of an object may look like: the same rule for every store. */
final class ObjectKeys {

  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._=-]{1,255}");

  private ObjectKeys() {}

  /** The key itself, if it is one. */
  static String check(String key) {
    for (String segment : key.split("/", -1)) {
      if (!isSegment(segment)) {
        throw refused("key", key);
      }
    }
    return key;
  }

  /** The prefix itself: empty, or a key with a slash behind it. */
  static String checkPrefix(String prefix) {
    if (prefix.isEmpty()) {
      return prefix;
    }
    if (!prefix.endsWith("/")) {
      throw refused("prefix", prefix);
    }
    check(prefix.substring(0, prefix.length() - 1));
    return prefix;
  }

  /** Whether a file or directory of this name can be part of a key; temporary files never are. */
  static boolean isSegment(String name) {
    return SEGMENT.matcher(name).matches() && !name.equals(".") && !name.equals("..");
  }

  private static EngineException refused(String what, String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return new EngineException(
        ErrorType.CONFIG_INVALID,
        "'"
            + shown.replaceAll("\\p{Cntrl}", "?")
            + "' is no "
            + what
            + " of a stored object: parts of A-Z a-z 0-9 . _ = - joined by /, without '..'");
  }
}
