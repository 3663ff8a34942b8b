package io.mlpipeline.delta;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Refuses columns that Kernel cannot put into a log, before anything is committed. */
final class SchemaTypes {

  private static final String NAME = "\"name\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*,\\s*";
  private static final Pattern USER_DEFINED =
      Pattern.compile(NAME + "\"type\"\\s*:\\s*\\{\\s*\"type\"\\s*:\\s*\"udt\"");
  private static final Pattern NO_DELTA_TYPE =
      Pattern.compile(NAME + "\"type\"\\s*:\\s*\"((?:calendar)?interval[^\"]*|void|null)\"");

  private SchemaTypes() {}

  static void requireSupported(String root, String schemaJson) {
    Matcher udt = USER_DEFINED.matcher(schemaJson);
    if (udt.find()) {
      throw broken(
          root,
          "column '"
              + udt.group(1)
              + "' is a vector or another user-defined type; turn it into an"
              + " array (vector_to_array) before it is returned",
          null);
    }
    Matcher other = NO_DELTA_TYPE.matcher(schemaJson);
    if (other.find()) {
      throw broken(
          root,
          "column '"
              + other.group(1)
              + "' is of type "
              + other.group(2)
              + "; cast it to a type that a table can hold",
          null);
    }
    try {
      KernelTable.parseSchema(schemaJson);
    } catch (RuntimeException e) {
      throw broken(root, "its schema holds a type that a table cannot: " + e.getMessage(), e);
    }
  }

  private static EngineException broken(String root, String what, @Nullable Throwable cause) {
    return new EngineException(
        ErrorType.CONTRACT_BROKEN, "table " + root + " cannot be written: " + what, cause);
  }
}
