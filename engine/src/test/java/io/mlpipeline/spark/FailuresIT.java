package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.example.steps.Failing;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.testkit.TestSpark;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresIT {

  private final SparkSession spark = TestSpark.session();

  private EngineException run(MapFunction<Long, Long> code) {
    Throwable t = catchThrowable(() -> spark.range(100).map(code, Encoders.LONG()).collectAsList());
    return SparkFailures.classify(t).orElseThrow();
  }

  @Test
  void believesTheMachineAndNotWhatAStepSays() {
    assertThat(run(Failing::pretend).type().code()).isEqualTo("step-failed");
    assertThat(run(Failing::failAtSeventy))
        .hasMessage("IllegalStateException: seventy is out")
        .satisfies(
            e ->
                assertThat(e.diagnostics())
                    .containsEntry("exception", "java.lang.IllegalStateException")
                    .containsKey("spark-stage")
                    .hasEntrySatisfying(
                        "first-frame",
                        frame -> assertThat(frame).contains("Failing.failAtSeventy")));
  }

  @Test
  void namesWhatCannotBeSentToExecutors() {
    Object held = new Object();
    assertThat(run(value -> value + held.hashCode()))
        .hasMessageContaining("java.lang.Object")
        .hasMessageContaining("static methods");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select idd from range(3)      | A column or function parameter with name `idd`",
        "select idd from range(3)      | Did you mean one of the following? [`id`]",
        "select idd from range(3)      | line 1 pos 7",
        "select * frm range(3)         | Syntax error at or near",
        "select * frm range(3)         | line 1, pos",
        "select * from nowhere         | TABLE_OR_VIEW_NOT_FOUND",
        "select nope(1)                | UNRESOLVED_ROUTINE",
      })
  void saysWhatIsWrongWithAQueryWithoutThePlan(String sql, String message) {
    EngineException e = SparkFailures.classify(catchThrowable(() -> spark.sql(sql))).orElseThrow();
    assertThat(e.type().code()).isEqualTo("step-failed");
    assertThat(e.getMessage()).contains(message).doesNotContain("\n", "'Project", "== SQL");
    assertThat(e.diagnostics()).containsKey("error-class");
  }
}
