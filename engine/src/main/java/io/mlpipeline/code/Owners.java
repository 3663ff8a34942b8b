package io.mlpipeline.code;

import java.util.Set;

/** Whose a class is, by its internal name. */
final class Owners {

  private static final String OURS = "io/mlpipeline/";

  /** The engine's packages; its results are versioned by an integer, not by its bytecode. */
  private static final Set<String> ENGINE =
      Set.of(
          "cli", "code", "config", "delta", "json", "model", "plan", "port", "run", "spark",
          "step");

  private static final String[] PLATFORM = {
    "java/",
    "javax/",
    "jdk/",
    "sun/",
    "com/sun/",
    "scala/",
    "org/apache/spark/",
    "org/apache/hadoop/",
    "org/apache/log4j/",
    "org/apache/logging/",
    "io/delta/",
    "com/amazon/deequ/",
    "com/amazonaws/deequ/",
    "org/slf4j/",
    "org/jspecify/",
  };

  private Owners() {}

  /** Whether a class belongs to the platform, so that its bytecode is in no digest. */
  static boolean isPlatform(String name) {
    if (name.startsWith(OURS)) {
      int slash = name.indexOf('/', OURS.length());
      return slash < 0 || ENGINE.contains(name.substring(OURS.length(), slash));
    }
    for (String prefix : PLATFORM) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** The class that a nested class stands in, by the names that compilers give. */
  static String topLevel(String name) {
    int dollar = name.indexOf('$', name.lastIndexOf('/') + 2);
    return dollar < 0 ? name : name.substring(0, dollar);
  }
}
