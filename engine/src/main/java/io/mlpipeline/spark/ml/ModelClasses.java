package io.mlpipeline.spark.ml;

import io.mlpipeline.model.EngineException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Says whether a model's metadata may be acted upon. MLlib loads and runs whatever class stands
 * there, and SQL inside a model may call any Java method.
 */
final class ModelClasses {

  private static final Pattern RUNS_JAVA =
      Pattern.compile("\\b(reflect|try_reflect|java_method)\\b", Pattern.CASE_INSENSITIVE);

  private ModelClasses() {}

  /** Throws what the function makes of the first problem. */
  static void check(ModelContent content, Function<String, EngineException> problem) {
    content.metadata().forEach((path, docs) -> docs.forEach(doc -> check(path, doc, problem)));
    if (content.topClass().isEmpty()) {
      throw problem.apply("no class is named in metadata/");
    }
  }

  private static void check(String path, Object json, Function<String, EngineException> problem) {
    if (json instanceof Map<?, ?> map) {
      map.forEach((key, value) -> checkField(path, (String) key, value, problem));
    } else if (json instanceof List<?> list) {
      list.forEach(element -> check(path, element, problem));
    }
  }

  private static void checkField(
      String path, String key, Object value, Function<String, EngineException> problem) {
    if (key.equals("class") && !isAllowed(value)) {
      throw problem.apply(path + " names the class " + value + ", which is not allowed");
    }
    if (key.equals("statement") && value instanceof String sql && RUNS_JAVA.matcher(sql).find()) {
      throw problem.apply(path + " holds SQL that may call Java, which is not allowed");
    }
    check(path, value, problem);
  }

  private static boolean isAllowed(Object className) {
    return className instanceof String name
        && ModelFiles.allowedClasses().stream().anyMatch(name::startsWith);
  }
}
