package io.mlpipeline.spark.ml;

import io.mlpipeline.model.EngineException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says whether what a model names may be acted upon. MLlib loads and runs whatever class stands in
 * its metadata, Spark makes an object of whatever class a column's type names, uids and some params
 * become paths, and SQL inside a model could do anything.
 */
final class ModelClasses {

  /** MLlib's, and the engine's own. */
  private static final List<String> ALWAYS =
      List.of("org.apache.spark.ml.", "org.apache.spark.mllib.", "io.mlpipeline.");

  /** What cannot leave its place in a path, nor start a comment in SQL. */
  private static final Pattern UID = Pattern.compile("[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*");

  private final List<String> allowed;
  private final ModelSql sql;
  private final Function<String, EngineException> problem;

  /**
   * @param more classes, or prefixes that end in a dot, that are trusted besides
   * @param problem makes what is thrown of the first problem
   */
  ModelClasses(List<String> more, ModelSql sql, Function<String, EngineException> problem) {
    this.allowed = Stream.concat(ALWAYS.stream(), more.stream()).toList();
    this.sql = sql;
    this.problem = problem;
  }

  /** Throws if there is anything that must not be loaded. */
  void check(ModelContent content) {
    content.metadata().forEach((path, docs) -> docs.forEach(doc -> check(path, doc)));
    content
        .columnTypes()
        .forEach((path, names) -> names.forEach(name -> checkClass(path, "the column type", name)));
    if (content.topClass().isEmpty()) {
      throw problem.apply("no class is named in metadata/");
    }
  }

  private void check(String path, Object json) {
    if (json instanceof Map<?, ?> map) {
      map.forEach((key, value) -> checkField(path, (String) key, value));
      checkReference(path, map);
    } else if (json instanceof List<?> list) {
      list.forEach(element -> check(path, element));
    }
  }

  private void checkField(String path, String key, Object value) {
    switch (key) {
      case "class" -> checkClass(path, "the class", value);
      case "uid" -> checkUid(path, value);
      case "stageUids" -> {
        if (value instanceof List<?> uids) {
          uids.forEach(uid -> checkUid(path, uid));
        }
      }
      case "statement" -> {
        if (value instanceof String statement) {
          sql.findProblem(statement)
              .ifPresent(
                  why -> {
                    throw problem.apply(path + " holds SQL that " + why);
                  });
        }
      }
      default -> {}
    }
    check(path, value);
  }

  private void checkClass(String path, String what, Object value) {
    boolean trusted = value instanceof String name && allowed.stream().anyMatch(a -> is(name, a));
    if (!trusted) {
      throw problem.apply(
          path
              + " names "
              + what
              + " "
              + shown(value)
              + ", which is not trusted; if you know it, add it or its package to `model-classes`");
    }
  }

  private static boolean is(String name, String allowed) {
    return allowed.endsWith(".") ? name.startsWith(allowed) : name.equals(allowed);
  }

  /** MLlib makes names of directories and of views of it. */
  private void checkUid(String path, Object value) {
    if (!(value instanceof String uid) || !UID.matcher(uid).matches()) {
      throw problem.apply(path + " has the uid '" + shown(value) + "', which is no safe name");
    }
  }

  /** A param that is itself stored in a directory of its own names it by a relative path. */
  private void checkReference(String path, Map<?, ?> map) {
    if (!map.containsKey("isJson") || "true".equals(String.valueOf(map.get("isJson")))) {
      return;
    }
    Object value = map.get("value");
    if (!(value instanceof String place && ModelDirectory.isInside(place))) {
      throw problem.apply(
          path + " refers to '" + shown(value) + "', which is not inside the model");
    }
  }

  private static String shown(@Nullable Object value) {
    String text = value == MetadataJson.NULL ? "null" : String.valueOf(value);
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 200 ? line : line.substring(0, 200) + "...";
  }
}
