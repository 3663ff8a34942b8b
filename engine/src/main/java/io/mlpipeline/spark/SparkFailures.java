package io.mlpipeline.spark;

import io.mlpipeline.model.DeltaConflict;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.spark.failure.JobWatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.jspecify.annotations.Nullable;

/**
 * Says what a failure of Spark means, in the engine's words: what happened, to which thing, and
 * what to do, without plan dumps and stack traces. Pure.
 */
public final class SparkFailures {

  /** A data file, blanks and all; else whatever looks like a path. */
  private static final Pattern FILE =
      Pattern.compile(
          "((?:[a-z][a-z0-9+.-]+:/|/)(?:[^\\n]*?\\.(?:parquet|csv|json)\\b"
              + "|[^\\s,;\"'\\[\\]]*[^\\s,;:.\"'\\[\\]]))");

  private static final Pattern STAGE = Pattern.compile("in stage ([0-9]+\\.[0-9]+)");
  private static final List<String> PLATFORM =
      List.of(
          "java.",
          "javax.",
          "jdk.",
          "sun.",
          "com.sun.",
          "scala.",
          "org.apache.",
          "io.delta.",
          "com.amazon.",
          "com.amazonaws.",
          "com.fasterxml.");
  private static final List<String> ENGINE = List.of("io.mlpipeline.spark.", "io.mlpipeline.run.");
  private static final String SPARK = "org.apache.spark.";
  private static final String MLLIB = "org.apache.spark.ml.";

  private SparkFailures() {}

  /** The meaning; empty if this is neither of Spark's making nor of the machine's. */
  public static Optional<EngineException> classify(Throwable t) {
    return classify(t, Collections.emptySortedMap());
  }

  /**
   * The meaning, told what was seen of the attempt.
   *
   * @param evidence of {@link io.mlpipeline.spark.failure.JobWatch}; empty if there is none
   */
  static Optional<EngineException> classify(Throwable t, SortedMap<String, String> evidence) {
    List<Throwable> chain = chain(t);
    for (Throwable one : chain) {
      if (one instanceof EngineException known) {
        return Optional.of(known);
      }
    }
    Optional<EngineException> lost = LostWork.find(chain, evidence, diagnostics(chain, evidence));
    if (lost.isPresent()) {
      return lost;
    }
    for (FailureKind kind : FailureKind.values()) {
      for (Throwable one : chain) {
        if (kind.matches(one)) {
          return Optional.of(known(kind, one, chain, evidence));
        }
      }
    }
    if (chain.stream().anyMatch(SparkFailures::isOfSpark)) {
      return Optional.of(stepFailure(chain, t, evidence));
    }
    return isOfMllib(chain.get(chain.size() - 1))
        ? Optional.of(unfit(chain, t, evidence))
        : Optional.empty();
  }

  private static EngineException known(
      FailureKind kind, Throwable one, List<Throwable> chain, SortedMap<String, String> evidence) {
    Map<String, String> diagnostics = diagnostics(chain, evidence);
    DeltaConflict.of(one).ifPresent(conflict -> diagnostics.put("conflict", conflict.code()));
    ErrorType type = kind == FailureKind.MEMORY ? LostWork.memory(chain, evidence) : kind.type();
    if (type == ErrorType.OUT_OF_MEMORY) {
      diagnostics.put("heap-limit-bytes", Long.toString(Runtime.getRuntime().maxMemory()));
    }
    String file = fileOf(chain);
    if (kind == FailureKind.MALFORMED && !file.isEmpty()) {
      diagnostics.put("file", file);
    }
    String message = kind.message(one, said(kind, one, chain, evidence), file);
    return new EngineException(type, message, diagnostics, chain.get(0));
  }

  /** What it says, with the value that does not fit; without any value if they are personal. */
  private static String said(
      FailureKind kind, Throwable one, List<Throwable> chain, SortedMap<String, String> evidence) {
    boolean hasValues =
        kind == FailureKind.MALFORMED && !String.valueOf(one.getMessage()).contains("CSV header");
    if (!hasValues) {
      return text(one);
    }
    Throwable root = chain.get(chain.size() - 1);
    return evidence.containsKey(JobWatch.MASKED)
        ? "its values are " + evidence.get(JobWatch.MASKED)
        : text(one) + (root == one ? "" : " (" + text(root) + ")");
  }

  static boolean isOfSpark(Throwable t) {
    return t instanceof SparkThrowable
        || t instanceof SparkException
        || t.getClass().getName().startsWith(SPARK);
  }

  static boolean isOfPlatform(StackTraceElement frame) {
    return startsWith(frame, PLATFORM);
  }

  /** Whether MLlib's own check of params or columns threw this; Scala's help stands before it. */
  private static boolean isOfMllib(Throwable root) {
    return Stream.of(root.getStackTrace())
        .dropWhile(frame -> frame.getClassName().matches("(scala|java)\\..*"))
        .limit(1)
        .anyMatch(frame -> frame.getClassName().startsWith(MLLIB));
  }

  private static EngineException unfit(
      List<Throwable> chain, Throwable t, SortedMap<String, String> evidence) {
    String said =
        text(chain.get(chain.size() - 1)).replaceFirst("^\\w+: (requirement failed: )?", "");
    return failed(
        "a model or its preparation does not fit the rows: " + said,
        diagnostics(chain, evidence),
        t);
  }

  private static EngineException stepFailure(
      List<Throwable> chain, Throwable t, SortedMap<String, String> evidence) {
    Map<String, String> diagnostics = diagnostics(chain, evidence);
    for (Throwable one : chain) {
      if (one instanceof StackOverflowError) {
        return failed(
            "the plan is too deep for Spark: checkpoint in between, or use fewer columns",
            diagnostics,
            t);
      }
      if (one instanceof AnalysisException wrong) {
        String errorClass = wrong.getErrorClass();
        diagnostics.put("error-class", errorClass == null ? "none" : errorClass);
        return failed(analysis(wrong), diagnostics, t);
      }
    }
    Throwable root = chain.get(chain.size() - 1);
    if (root instanceof java.io.NotSerializableException) {
      return failed(
          "code that runs on executors holds on to a "
              + firstLine(String.valueOf(root.getMessage()))
              + ", which cannot be sent there: use only values and static methods in it",
          diagnostics,
          t);
    }
    String masked = evidence.get(JobWatch.MASKED);
    boolean isShown = masked == null || BadValue.find(chain).isEmpty();
    return failed(
        isShown ? text(root) : root.getClass().getSimpleName() + ": its values are " + masked,
        diagnostics,
        t);
  }

  private static EngineException failed(
      String message, Map<String, String> diagnostics, Throwable cause) {
    return new EngineException(ErrorType.STEP_FAILED, message, diagnostics, cause);
  }

  /** What is wrong with a query, with line and position, without the plan or the query's text. */
  private static String analysis(AnalysisException wrong) {
    String text =
        String.valueOf(
            wrong instanceof ParseException ? wrong.getMessage() : wrong.getSimpleMessage());
    int quote = text.indexOf("\n\n== SQL");
    return (quote < 0 ? text : text.substring(0, quote)).strip().replaceAll("\\s*\\n\\s*", " ");
  }

  private static Map<String, String> diagnostics(
      List<Throwable> chain, SortedMap<String, String> evidence) {
    Map<String, String> map = new TreeMap<>();
    Throwable root = chain.get(chain.size() - 1);
    map.put("exception", root.getClass().getName());
    for (Throwable one : chain) {
      Matcher stage = STAGE.matcher(String.valueOf(one.getMessage()));
      if (stage.find()) {
        map.put("spark-stage", stage.group(1));
      }
    }
    SqlPlace.describe(chain, map);
    BadValue.find(chain).ifPresent(bad -> bad.describe(map, evidence.get(JobWatch.MASKED)));
    for (int i = chain.size() - 1; i >= 0 && !map.containsKey("first-frame"); i--) {
      Stream.of(chain.get(i).getStackTrace())
          .filter(SparkFailures::isStepCode)
          .findFirst()
          .ifPresent(frame -> map.put("first-frame", frame.toString()));
    }
    return map;
  }

  private static boolean isStepCode(StackTraceElement frame) {
    return !startsWith(frame, PLATFORM) && !startsWith(frame, ENGINE);
  }

  private static boolean startsWith(StackTraceElement frame, List<String> packages) {
    return packages.stream().anyMatch(frame.getClassName()::startsWith);
  }

  /** From the outermost to the root; safe against a cause that is its own cause. */
  private static List<Throwable> chain(Throwable t) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> chain = new ArrayList<>();
    for (Throwable one = t; one != null && seen.add(one); one = one.getCause()) {
      chain.add(one);
    }
    return chain;
  }

  /** The file that the innermost exception names; empty if none does. */
  private static String fileOf(List<Throwable> chain) {
    for (int i = chain.size() - 1; i >= 0; i--) {
      Matcher file = FILE.matcher(firstLine(String.valueOf(chain.get(i).getMessage())));
      if (file.find()) {
        return file.group(1);
      }
    }
    return "";
  }

  private static String text(Throwable t) {
    @Nullable String message = t.getMessage();
    String name = t.getClass().getSimpleName();
    if (message == null || message.isBlank()) {
      return name;
    }
    boolean isOfHeader = message.contains("CSV header"); // which names the file last
    String line = message.strip().replaceAll("[.:]?\\s*\\n\\s*", "; ");
    return isOfHeader ? line : name + ": " + firstLine(message.strip());
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
