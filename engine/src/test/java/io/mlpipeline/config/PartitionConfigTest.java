package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PartitionTime;
import io.mlpipeline.model.PartitionUse;
import io.mlpipeline.model.StepSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline may say of partitions, and what is wrong with it where and why. */
class PartitionConfigTest {

  @TempDir Path home;
  private ConfFixture conf;

  @BeforeEach
  void setUp() {
    conf = new ConfFixture(home);
  }

  private void write(String files, String inputs, String output) {
    conf.pipeline(
        """
        pipeline: p
        inputs { a: { files: "%s", format: csv } }
        steps {
          s { uses: sql, params { query: "select 1" }
            inputs { a: %s }
            outputs { o: { %s } } }
        }
        """
            .formatted(files, inputs, output));
  }

  private void assertProblem(String... parts) {
    assertThat(conf.problems()).singleElement().asString().contains(parts);
  }

  @Test
  void readsWhichPartitionsOfAnInputOneOfTheOutputIsMadeOf() {
    write(
        "x/{day}/*.csv",
        "{ dataset: a, partitions: \"window(7d)\" }",
        "partition: day, mode: partitions");
    StepSpec step = conf.load().spec().steps().get(0);
    assertThat(step.isByPartition()).isTrue();
    assertThat(step.use("a")).isEqualTo(PartitionUse.window(7, PartitionTime.Unit.DAY));
    assertThat(step.inputs()).containsEntry("a", "a");
    InputSpec input = conf.load().spec().inputs().get(0);
    assertThat(input.location()).endsWith("/x/*/*.csv");
    assertThat(input.layout().columns()).containsExactly("day");
  }

  @Test
  void saysThatAModeNeedsAPartitionAndAPartitionSomethingToBeMadeOf() {
    write("x/{day}/*.csv", "{ dataset: a, partitions: each }", "mode: partitions");
    assertProblem(
        "p.conf:6", "is partitions, and the output has no partition", "partition: event_date");
    write("x/{day}/*.csv", "a", "partition: day, mode: partitions");
    assertProblem(
        "p.conf:6",
        "no input of step 's' says which partitions",
        "{ dataset: a, partitions: each }");
    write("x/{day}/*.csv", "{ dataset: a, partitions: each }", "partition: day");
    assertProblem("p.conf:5", "makes its whole output each time", "mode: partitions");
  }

  @Test
  void saysThatAnInputHasNoPartitionsOrOthers() {
    conf.pipeline(
        """
        pipeline: p
        inputs { a: { files: "x", format: csv } }
        steps {
          t { uses: sql, inputs { a: a }, params { query: "select 1" }, outputs { o: { as: whole } } }
          s { uses: sql, params { query: "select 1" }
            inputs { w: { dataset: whole, partitions: each } }
            outputs { o: { as: o, partition: day, mode: partitions } } }
        }
        """);
    assertProblem("p.conf:6", "'whole' has no partitions", "partition: day");
    write(
        "x/{month}/*.csv", "{ dataset: a, partitions: each }", "partition: day, mode: partitions");
    assertProblem("p.conf:5", "'a' is partitioned by month, not by day as 'o' is");
    write(
        "x/{day}/{day}.csv",
        "{ dataset: a, partitions: each }",
        "partition: day, mode: partitions");
    assertProblem("p.conf:2", "names a partition twice");
  }

  @Test
  void saysThatAWindowCountsDays() {
    write(
        "x/{day}/*.csv",
        "{ dataset: a, partitions: \"window(7)\" }",
        "partition: day, mode: partitions");
    assertThat(conf.problems().get(0).toString())
        .contains("p.conf:5", "cannot be 'window(7)'", "window(7d)");
    write(
        "x/{day}/{region}/*.csv",
        "{ dataset: a, partitions: \"window(7d)\" }",
        "partition: [day, region], mode: partitions");
    assertProblem("p.conf:5", "where there is one column only");
    conf.write("conf/schemas/n-v1.conf", "columns { n: \"int\", x: \"string\" }\n");
    write(
        "x/{n}/*.csv",
        "{ dataset: a, partitions: \"window(7d)\" }",
        "schema: n-v1, partition: n, mode: partitions");
    assertThat(conf.problems().toString()).contains("p.conf:5", "partitions of 'o' by n, an int");
    write("x/{day}/*.csv", "{ dataset: a, partition: each }", "partition: day, mode: partitions");
    assertThat(conf.problems().toString())
        .contains("unknown key 'partition'", "did you mean 'partitions'?");
  }

  @Test
  void saysThatAWindowCountsWhatThePartitionsAre() {
    conf.write("conf/schemas/d-v1.conf", "columns { day: \"date\", hour: string, x: string }\n");
    String byDay = "schema: d-v1, partition: day, mode: partitions";
    String byHour = "schema: d-v1, partition: hour, mode: partitions";
    write("x/{day}/*.csv", "{ dataset: a, partitions: \"window(24h)\" }", byDay);
    assertProblem(
        "p.conf:5",
        "'steps.s.inputs.a.partitions' is window(24h)",
        "partitions of 'o' by day, a date, where hours are counted",
        "a string such as 2024-06-01T13");
    write("x/{hour:yyyyMMdd/HH}/*.csv", "{ dataset: a, partitions: \"window(7d)\" }", byHour);
    assertProblem("by hour, which are hours by the form in its location, where days are counted");
    write("x/{hour:yyyyMMdd/HH}/*.csv", "{ dataset: a, partitions: \"window(24h)\" }", byHour);
    assertThat(conf.load().spec().steps().get(0).use("a")).hasToString("window(24h)");
  }

  @Test
  void saysThatHoursMakeDays() {
    conf.write("conf/schemas/d-v1.conf", "columns { day: \"date\", hour: string, x: string }\n");
    String byDay = "schema: d-v1, partition: day, mode: partitions";
    write("x/{hour:yyyyMMdd/HH}/*.csv", "{ dataset: a, partitions: hours }", byDay);
    assertThat(conf.load().spec().steps().get(0).use("a")).isEqualTo(PartitionUse.HOURS);
    write("x/{day:yyyyMMdd}/*.csv", "{ dataset: a, partitions: hours }", byDay);
    assertProblem("p.conf:5", "which are days by the form", "where hours are counted");
    write(
        "x/{hour}/*.csv",
        "{ dataset: a, partitions: hours }",
        "schema: d-v1, partition: [day, x], mode: partitions");
    assertProblem("which is partitioned by day, x", "hours make days where both have one");
    write("x/{hour}/*.csv", "{ dataset: a, partitions: hour }", byDay);
    assertThat(conf.problems().get(0)).contains("cannot be 'hour'", "hours (the hours of a day)");
  }
}
