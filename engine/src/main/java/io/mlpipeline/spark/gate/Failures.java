package io.mlpipeline.spark.gate;

import java.io.IOException;
import org.apache.spark.sql.AnalysisException;

/** Tells a rule that cannot be computed from a machine that cannot compute. */
final class Failures {

  private Failures() {}

  /**
   * Whether the rule's own expression failed on the data. Anything that smells of files, memory,
   * lost executors or cancelling is not the rule's fault and must not look like bad data.
   */
  static boolean isOfTheRule(Throwable error) {
    if (error instanceof AnalysisException) {
      return true;
    }
    Throwable root = root(error);
    boolean isMachine =
        root instanceof IOException
            || root instanceof Error
            || root instanceof InterruptedException;
    boolean hasCause = root != error || !(error instanceof org.apache.spark.SparkException);
    return !isMachine && hasCause && root instanceof RuntimeException;
  }

  /** What to tell a person: the first line of what went wrong first. */
  static String words(Throwable error) {
    return "it cannot be computed: " + SqlRefusals.firstLine(root(error));
  }

  /** Throws what Spark threw, which Scala does not declare and Java wants declared. */
  @SuppressWarnings("unchecked")
  static <E extends Exception> RuntimeException unchecked(Exception error) throws E {
    throw (E) error;
  }

  private static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }
}
