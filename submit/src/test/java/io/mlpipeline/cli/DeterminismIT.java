package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line in processes of their own, on other cores and partitions. */
@Tag("long")
class DeterminismIT {

  @TempDir Path temp;

  @Test
  void makesTheSameTablesAndModelsOnAnyNumberOfCoresAndPartitions() throws Exception {
    SortedMap<String, String> few = digests(run("few", "local[2]", "2", "128m"));
    SortedMap<String, String> many = digests(run("many", "local[4]", "7", "20k"));
    assertThat(few).containsKeys("features", "train_rows", "churn_lr", "churn_rf", "evaluation");
    assertThat(many).isEqualTo(few);
  }

  /** The report that {@code run --output json} prints. */
  private JsonNode run(String name, String master, String partitions, String split)
      throws Exception {
    Path report = temp.resolve(name + ".json");
    Child child =
        Child.start(
            Map.of(
                "spark.master", master,
                "spark.sql.shuffle.partitions", partitions,
                "spark.default.parallelism", partitions,
                "spark.sql.files.maxPartitionBytes", split,
                "user.timezone", name.equals("few") ? "Pacific/Kiritimati" : "America/St_Johns"),
            Printing.class,
            report.toString(),
            "run",
            EngineHarness.CONF.resolve("pipelines/churn.conf").toString(),
            "--output",
            "json",
            "--warehouse",
            temp.resolve(name).toString());
    assertThat(child.end()).as(child.printed()).isZero();
    return new ObjectMapper().readTree(Files.readString(report));
  }

  private static SortedMap<String, String> digests(JsonNode report) {
    SortedMap<String, String> digests = new TreeMap<>();
    for (JsonNode step : report.get("steps")) {
      assertThat(step.get("status").textValue()).isEqualTo("succeeded");
      for (JsonNode output : step.get("outputs")) {
        digests.put(output.get("name").textValue(), output.get("digest").textValue());
      }
      step.get("metrics")
          .fields()
          .forEachRemaining(
              metric ->
                  digests.put(
                      step.get("name").textValue() + "." + metric.getKey(),
                      metric.getValue().asText()));
    }
    return digests;
  }
}
