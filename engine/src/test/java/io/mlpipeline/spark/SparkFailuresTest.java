package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkFailuresTest {

  /** As if the machine, and not the test, had thrown it. */
  private static <T extends Throwable> T from(String className, T t) {
    t.setStackTrace(new StackTraceElement[] {new StackTraceElement(className, "m", "F.java", 1)});
    return t;
  }

  private static Throwable wrapped(Throwable t) {
    return new SparkException(
        "Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times", t);
  }

  @Test
  void knowsTheMachinesFailures() {
    Map<Throwable, ErrorType> cases =
        Map.of(
            wrapped(new OutOfMemoryError("Java heap space")),
            ErrorType.OUT_OF_MEMORY,
            wrapped(from("java.io.FileOutputStream", new IOException("No space left on device"))),
            ErrorType.DISK_FULL,
            wrapped(new AccessControlException("Permission denied: user=x")),
            ErrorType.ACCESS_DENIED,
            from("java.io.FileInputStream", new FileNotFoundException("/x (Permission denied)")),
            ErrorType.ACCESS_DENIED,
            from("org.apache.hadoop.fs.RawLocalFileSystem", new FileNotFoundException("/x")),
            ErrorType.INPUT_GONE,
            wrapped(new ChecksumException("Checksum error: file:/a/b.parquet at 0", 0)),
            ErrorType.STORAGE_CORRUPT,
            from("org.apache.hadoop.fs.RawLocalFileSystem", new IOException("Input/output error")),
            ErrorType.STORAGE_UNAVAILABLE,
            wrapped(new SocketTimeoutException("Read timed out")),
            ErrorType.STORAGE_UNAVAILABLE,
            wrapped(new InterruptedException()),
            ErrorType.CANCELLED);
    cases.forEach(
        (t, type) ->
            assertThat(SparkFailures.classify(t).map(EngineException::type))
                .as(t.toString())
                .contains(type));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Command exited with code 52            | EXECUTOR_OUT_OF_MEMORY",
        "OutOfMemoryError.                      | EXECUTOR_OUT_OF_MEMORY",
        "Command exited with code 137           | CONTAINER_KILLED",
        "Unknown executor exit code (137) (died from signal 9?) | CONTAINER_KILLED",
        "exited with exit code 137(SIGKILL, possible container OOM). | CONTAINER_KILLED",
        "Container killed by YARN for exceeding physical memory limits. | CONTAINER_KILLED",
        "Container from a bad node: c1. Exit status: 143. | EXECUTOR_LOST",
        "Container marked as failed: c1. Exit status: -100. | EXECUTOR_LOST",
        "Remote RPC client disassociated        | EXECUTOR_LOST",
        "Executor heartbeat timed out after 120000 ms | EXECUTOR_LOST",
      })
  void tellsWhatTheEndOfAnExecutorMeansFromItsExitCode(String reason, ErrorType type) {
    String said =
        "Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times, most recent failure:"
            + " Lost task 0.3 in stage 3.0 (TID 9) (10.0.0.3 executor 1): ExecutorLostFailure"
            + " (executor 1 exited caused by one of the running tasks) Reason: ";
    SparkException unseen = new SparkException(said + reason + "\nDriver stacktrace:");
    EngineException byWords = SparkFailures.classify(unseen).orElseThrow();
    assertThat(byWords.type()).isEqualTo(type);
    assertThat(byWords).hasMessageStartingWith("executor 1 ").hasMessageEndingWith(reason);

    SparkException bare = new SparkException("Job aborted due to stage failure: whatever");
    SortedMap<String, String> seen =
        new TreeMap<>(
            Map.of(
                "task-failure", "executor-lost",
                "executor", "1 on 10.0.0.3",
                "executor-exit", reason));
    assertThat(SparkFailures.classify(bare, seen).orElseThrow())
        .hasMessageEndingWith(reason)
        .extracting(EngineException::type)
        .isEqualTo(type);
  }

  @Test
  void tellsAnExecutorsMemoryFromTheDrivers() {
    OutOfMemoryError error = new OutOfMemoryError("Java heap space");
    String aborted =
        "Job aborted due to stage failure: Task 0 in stage 3.0 failed 1 times, most recent failure:"
            + " Lost task 0.0 in stage 3.0 (TID 9) (10.0.0.3 executor %s): error";
    assertThat(typeOf(error)).isEqualTo(ErrorType.OUT_OF_MEMORY);
    assertThat(typeOf(new SparkException(aborted.formatted("driver"), error)))
        .isEqualTo(ErrorType.OUT_OF_MEMORY);
    assertThat(typeOf(new SparkException(aborted.formatted("7"), error)))
        .isEqualTo(ErrorType.EXECUTOR_OUT_OF_MEMORY);
  }

  @Test
  void namesEachKindOfConflictOfDelta() {
    Map<String, Throwable> conflicts =
        Map.of(
            "concurrent-append", new io.delta.exceptions.ConcurrentAppendException("x"),
            "concurrent-delete-read", new io.delta.exceptions.ConcurrentDeleteReadException("x"),
            "concurrent-delete-delete",
                new io.delta.exceptions.ConcurrentDeleteDeleteException("x"),
            "metadata-changed", new io.delta.exceptions.MetadataChangedException("x"),
            "protocol-changed", new io.delta.exceptions.ProtocolChangedException("x"),
            "concurrent-transaction",
                new io.delta.kernel.exceptions.ConcurrentTransactionException("app", 1, 2),
            "concurrent-write", new io.delta.kernel.exceptions.ConcurrentWriteException());
    conflicts.forEach(
        (kind, thrown) -> {
          EngineException known = SparkFailures.classify(thrown).orElseThrow();
          assertThat(known.type()).as(kind).isEqualTo(ErrorType.PUBLISH_CONFLICT);
          assertThat(known.diagnostics()).containsEntry("conflict", kind);
          assertThat(known).as(kind).hasMessageStartingWith("another writer was there first: ");
        });
  }

  private static ErrorType typeOf(Throwable t) {
    return SparkFailures.classify(t).orElseThrow().type();
  }

  @Test
  void namesTheDamagedFile() {
    Throwable t =
        wrapped(
            from(
                "org.apache.parquet.hadoop.ParquetFileReader",
                new RuntimeException(
                    "file:/w h/a=1/part-1.snappy.parquet is not a Parquet file. Expected magic")));
    assertThat(SparkFailures.classify(t).orElseThrow()).hasMessageContaining("part-1.snappy");
  }

  @Test
  void saysWhatMllibFoundWrongWithTheRows() {
    IllegalArgumentException missing =
        new IllegalArgumentException("requirement failed: Column age does not exist.");
    missing.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("scala.Predef$", "require", "Predef.scala", 281),
          new StackTraceElement("org.apache.spark.ml.util.SchemaUtils$", "m", "S.scala", 1),
          new StackTraceElement("com.acme.MyStep", "run", "MyStep.java", 7)
        });
    EngineException known = SparkFailures.classify(missing).orElseThrow();
    assertThat(known.type()).isEqualTo(ErrorType.STEP_FAILED);
    assertThat(known)
        .hasMessage("a model or its preparation does not fit the rows: Column age does not exist.");
    assertThat(known.diagnostics())
        .containsEntry("first-frame", "com.acme.MyStep.run(MyStep.java:7)");
  }

  @Test
  void leavesAStepsOwnFailuresToTheRunner() {
    for (Throwable t :
        List.of(
            new IllegalStateException("No space left on device"),
            new FileNotFoundException("my own file"),
            new RuntimeException(new IOException("Permission denied")))) {
      assertThat(SparkFailures.classify(t)).as(t.toString()).isEmpty();
    }
  }

  @Test
  void passesOnWhatTheEngineThrew() {
    EngineException known = new EngineException(ErrorType.INPUT_GONE, "version 3 is gone");
    assertThat(SparkFailures.classify(wrapped(known))).containsSame(known);
  }
}
