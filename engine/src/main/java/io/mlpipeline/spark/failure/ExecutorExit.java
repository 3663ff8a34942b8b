package io.mlpipeline.spark.failure;

import io.mlpipeline.model.ErrorType;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the end of an executor means, by its exit code. Spark hands the code on within the words of
 * whichever resource manager saw it, and nowhere else. Pure.
 */
public final class ExecutorExit {

  /** {@code Command exited with code 137}, {@code Exit status: -104}, {@code exit code (137)}. */
  private static final Pattern CODE =
      Pattern.compile("(?i)exit(?:ed with)? ?(?:code|status)[: (]+(-?[0-9]{1,3})");

  /** Spark's own: the uncaught exception was an OutOfMemoryError. */
  private static final int OUT_OF_MEMORY = 52;

  /** Spark's own: no local directory could be made. */
  private static final int NO_LOCAL_DIRECTORY = 53;

  /** SIGKILL; and YARN's for too much virtual and physical memory. */
  private static final Set<Integer> KILLED = Set.of(137, -103, -104);

  private static final int UNKNOWN = Integer.MIN_VALUE;

  private ExecutorExit() {}

  /**
   * The type of failure.
   *
   * @param reason why an executor was lost, in the words of Spark or of the resource manager
   */
  public static ErrorType type(String reason) {
    int code = code(reason);
    if (code == OUT_OF_MEMORY || reason.contains("OutOfMemoryError")) {
      return ErrorType.EXECUTOR_OUT_OF_MEMORY;
    }
    boolean isOverLimit =
        reason.contains("Container killed by YARN for exceeding") || reason.contains("OOMKilled");
    if (KILLED.contains(code) || isOverLimit) {
      return ErrorType.CONTAINER_KILLED;
    }
    return code == NO_LOCAL_DIRECTORY ? ErrorType.DISK_FULL : ErrorType.EXECUTOR_LOST;
  }

  private static int code(String reason) {
    Matcher matcher = CODE.matcher(reason);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : UNKNOWN;
  }
}
