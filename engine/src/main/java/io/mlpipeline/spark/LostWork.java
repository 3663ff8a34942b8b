package io.mlpipeline.spark;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.spark.failure.ExecutorExit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.jspecify.annotations.Nullable;

/**
 * Failures of tasks, and what became of their executors: from the tasks' own reports, and from
 * Spark's sentence about them where no report came. Pure.
 */
final class LostWork {

  private static final String ABORTED = "Job aborted due to stage failure";
  private static final Pattern WHERE =
      Pattern.compile("\\(TID \\d+\\) \\((\\S+) executor (\\S+?)\\)");
  private static final Pattern LOST =
      Pattern.compile("ExecutorLostFailure \\(executor (\\S+) [^)]*\\)(?: Reason: ([^\\n]*))?");

  private LostWork() {}

  /** An executor that was lost, or whose rows were; empty if tasks failed for another reason. */
  static Optional<EngineException> find(
      List<Throwable> chain, SortedMap<String, String> evidence, Map<String, String> diagnostics) {
    SparkException aborted = aborted(chain);
    if (aborted == null || aborted.getCause() != null) {
      return Optional.empty();
    }
    String failure = evidence.getOrDefault("task-failure", "");
    Matcher said = LOST.matcher(String.valueOf(aborted.getMessage()));
    if (failure.equals("executor-lost")) {
      return Optional.of(
          lost(
              evidence.getOrDefault("executor", "?"),
              evidence.getOrDefault("executor-exit", ""),
              diagnostics,
              aborted));
    }
    return said.find()
        ? Optional.of(lost(said.group(1), String.valueOf(said.group(2)), diagnostics, aborted))
        : Optional.empty();
  }

  private static EngineException lost(
      String executor, String reason, Map<String, String> diagnostics, Throwable cause) {
    ErrorType type = ExecutorExit.type(reason);
    String what =
        switch (type) {
          case EXECUTOR_OUT_OF_MEMORY -> " ran out of memory: ";
          case CONTAINER_KILLED -> " was killed: ";
          default -> " was lost: ";
        };
    return new EngineException(type, "executor " + executor + what + reason, diagnostics, cause);
  }

  /** The memory of whom ran out: the driver's, or an executor's where a task failed on one. */
  static ErrorType memory(List<Throwable> chain, SortedMap<String, String> evidence) {
    SparkException aborted = aborted(chain);
    if (aborted == null) {
      return ErrorType.OUT_OF_MEMORY;
    }
    String executor = evidence.getOrDefault("executor", "").split(" ", -1)[0];
    Matcher where = WHERE.matcher(String.valueOf(aborted.getMessage()));
    if (executor.isEmpty() && where.find()) {
      executor = where.group(2);
    }
    boolean isElsewhere = !executor.isEmpty() && !executor.equals("driver");
    return isElsewhere ? ErrorType.EXECUTOR_OUT_OF_MEMORY : ErrorType.OUT_OF_MEMORY;
  }

  private static @Nullable SparkException aborted(List<Throwable> chain) {
    for (Throwable one : chain) {
      if (one instanceof SparkException spark
          && String.valueOf(spark.getMessage()).startsWith(ABORTED)) {
        return spark;
      }
    }
    return null;
  }
}
