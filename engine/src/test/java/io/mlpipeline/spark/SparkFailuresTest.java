package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

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
    String lost = "ExecutorLostFailure (executor 1 exited caused by one of the running tasks)";
    Map<Throwable, ErrorType> cases =
        Map.of(
            wrapped(new OutOfMemoryError("Java heap space")),
            ErrorType.OUT_OF_MEMORY,
            new SparkException(lost + " Reason: Container killed by YARN"),
            ErrorType.OUT_OF_MEMORY,
            new SparkException(lost + " Reason: worker lost"),
            ErrorType.EXECUTOR_LOST,
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
