package io.mlpipeline.cli;

import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.RunReport;

/** What the process says to schedulers; stable. */
final class ExitCode {

  static final int DONE = 0;
  static final int INTERNAL = 1;
  static final int USAGE = 2;
  static final int ENVIRONMENT = 8;

  /** The light front says that the driver with Spark must take over; never seen by a user. */
  static final int HAND_OVER = 100;

  private ExitCode() {}

  static int of(RunReport report) {
    FailureRecord failure = report.failure();
    return switch (report.status()) {
      case SUCCEEDED -> DONE;
      case CANCELLED -> io.mlpipeline.model.ErrorCategory.CANCELLED.exitCode();
      case WAITING -> io.mlpipeline.model.ErrorCategory.WAITING.exitCode();
      case FAILED, REJECTED, LOST ->
          failure == null ? INTERNAL : failure.type().category().exitCode();
    };
  }
}
