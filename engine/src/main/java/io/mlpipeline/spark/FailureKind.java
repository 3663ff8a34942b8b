package io.mlpipeline.spark;

import io.mlpipeline.model.DeltaConflict;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureTypes;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;

/**
 * What many exceptions, of Spark, Hadoop, Parquet and the JDK, come down to; first match wins.
 * Known by type ({@link FailureTypes}), by Spark's error class, and by words only where no type
 * exists: a full disk, for instance, is a mere IOException.
 */
enum FailureKind {
  MEMORY(ErrorType.OUT_OF_MEMORY, "java\\.lang\\.OutOfMemoryError", "memory ran out: %s"),
  DISK(
      ErrorType.DISK_FULL,
      "No space left on device|not enough space on the disk|Disk quota exceeded|File too large"
          + "|No space available in any of the local directories",
      "no room is left on the disk: %s"),
  CREDENTIALS(
      ErrorType.CREDENTIALS_INVALID,
      "InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|NoAuthWithAWSException"
          + "|CredentialInitializationException",
      "the credentials are missing, wrong or expired: %s"),
  DENIED(ErrorType.ACCESS_DENIED, "Permission denied|Status Code: 403", "access was denied: %s"),
  CANCELLED(
      ErrorType.CANCELLED,
      "part of cancelled job group|Job \\d+ cancelled|TaskKilledException",
      "the attempt was cancelled"),
  STOPPED(
      ErrorType.ENVIRONMENT_INVALID,
      "SparkContext was shut down|on a stopped SparkContext",
      "the Spark application was stopped in the middle of the run"),
  DAMAGED(
      ErrorType.STORAGE_CORRUPT,
      "is not a Parquet file|CRC checksum verif|could not read page|Could"
          + " not read footer|expected magic number",
      "a file is damaged: %2$s"),
  GONE(
      ErrorType.INPUT_GONE,
      "PATH_NOT_FOUND|FILE_NOT_EXIST|underlying files have been updated",
      "a file went away that the run needs: %2$s"),
  FETCH(ErrorType.FETCH_FAILED, "FetchFailed", "rows of another executor cannot be fetched: %s"),
  EXECUTOR(
      ErrorType.EXECUTOR_LOST,
      "ExecutorLostFailure|executor heartbeat timed out",
      "an executor was lost: %s"),
  THROTTLED(
      ErrorType.STORAGE_THROTTLED, "SlowDown|Status Code: (503|429)", "the store is busy: %s"),
  STORE(ErrorType.STORAGE_UNAVAILABLE, "Status Code: 50[0-9]", "the store did not answer: %s"),
  WRONG_STORE(
      ErrorType.ENVIRONMENT_INVALID, "UnknownStoreException", "the store cannot be used: %s"),
  CONFLICT(
      ErrorType.PUBLISH_CONFLICT,
      "DELTA_CONCURRENT_|DELTA_METADATA_CHANGED|DELTA_PROTOCOL_CHANGED",
      "another writer was there first: %s"),
  MALFORMED(
      ErrorType.CONTRACT_BROKEN,
      "MALFORMED_RECORD_IN_PARSING|Malformed CSV record|BadRecordException"
          + "|CSV header does not conform|column in CSV header|MALFORMED_CSV_RECORD",
      "a record does not fit its schema: %s"),
  BROADCAST(
      ErrorType.STEP_FAILED,
      "Could not execute broadcast in",
      "one side of a join took too long to be sent to all executors; make it smaller, or raise"
          + " spark.sql.broadcastTimeout: %s"),
  TOO_LARGE(
      ErrorType.STEP_FAILED,
      "is bigger than spark\\.driver\\.maxResultSize",
      "the step collects more rows than the driver may take; collect less, or raise"
          + " spark.driver.maxResultSize: %s"),
  ANCIENT(
      ErrorType.STEP_FAILED,
      "SparkUpgradeException|INCONSISTENT_BEHAVIOR_CROSS_VERSION",
      "a date or time before 1900 was written, or would be parsed, by other calendar rules; cast"
          + " or rewrite it first: %s");

  private final ErrorType type;
  private final Pattern pattern;
  private final String form;

  FailureKind(ErrorType type, String pattern, String form) {
    this.type = type;
    this.pattern = Pattern.compile(pattern);
    this.form = form;
  }

  ErrorType type() {
    return type;
  }

  boolean matches(Throwable t) {
    boolean byType = this != STOPPED && FailureTypes.of(t).filter(type::equals).isPresent();
    return byType
        || pattern.matcher(evidence(t)).find()
        || (this == GONE && t instanceof FileNotFoundException && isOfFiles(t))
        || (this == STORE && isOfStore(t));
  }

  /**
   * The failure in words.
   *
   * @param one what matched
   * @param text what it says
   * @param file the file that it is about; empty if it names none
   */
  String message(Throwable one, String text, String file) {
    String found =
        DeltaConflict.of(one).map(conflict -> conflict.meaning() + "; " + text).orElse(text);
    return String.format(Locale.ROOT, form, found, file.isEmpty() ? found : file);
  }

  /**
   * What may be searched: class and error class always, the message only of a root cause that step
   * code did not throw. Spark's messages quote the causes', and a step's messages may say anything.
   */
  private static String evidence(Throwable t) {
    String errorClass = t instanceof SparkThrowable s ? " " + s.getErrorClass() : "";
    StackTraceElement[] frames = t.getStackTrace();
    boolean machine =
        SparkFailures.isOfSpark(t)
            || t instanceof Error
            || (frames.length > 0 && SparkFailures.isOfPlatform(frames[0]));
    String message = machine && t.getCause() == null ? " " + t.getMessage() : "";
    return t.getClass().getName() + errorClass + message;
  }

  /** What a file system throws that has no type of its own: the disk or the network failed. */
  private static boolean isOfStore(Throwable t) {
    return t instanceof IOException
        && !(t instanceof FileNotFoundException)
        && !(t instanceof EOFException)
        && isOfFiles(t);
  }

  private static boolean isOfFiles(Throwable t) {
    return Stream.of(t.getStackTrace())
        .limit(12)
        .anyMatch(frame -> frame.getClassName().startsWith("org.apache.hadoop.fs."));
  }
}
