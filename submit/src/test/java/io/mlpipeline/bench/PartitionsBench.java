package io.mlpipeline.bench;

import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.PlanningOptions;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One late day in 365 against the whole year: three steps by day, one of them by windows of a week.
 * What is compared are the seconds of the steps, in one warm JVM. {@code -Pbench
 * -Dbench.workload=partitions} runs it; {@code bench.rows} says how many rows a year has (20
 * million).
 */
class PartitionsBench {

  private static final String PIPELINE =
      """
      pipeline: bench_partitions
      inputs { raw: { files: "RAW/{day}.parquet", format: parquet } }
      steps {
        clean {
          uses: sql, inputs { raw: { dataset: raw, partitions: each } }
          params { query: "SELECT CAST(day AS DATE) AS day, id, customer, amount, round(amount * 1.19, 2) AS gross FROM raw WHERE amount > 1" }
          outputs { rows: { as: clean, partition: day, mode: partitions, gate: { block: ["RowCount > 0", "Completeness \\"amount\\" >= 1.0"] } } }
        }
        daily {
          uses: sql, inputs { clean: { dataset: clean, partitions: each } }
          params { query: "SELECT day, customer, count(*) AS n, CAST(sum(gross) AS DECIMAL(20,2)) AS gross FROM clean GROUP BY day, customer" }
          outputs { rows: { as: daily, partition: day, mode: partitions } }
        }
        weekly {
          uses: sql, inputs { daily: { dataset: daily, partitions: "window(7d)" } }
          params { query: "SELECT day, customer, sum(gross) OVER (PARTITION BY customer ORDER BY CAST(day AS TIMESTAMP) RANGE BETWEEN INTERVAL 6 DAYS PRECEDING AND CURRENT ROW) AS gross_7d FROM daily" }
          outputs { rows: { as: weekly, partition: day, mode: partitions } }
        }
      }
      """;

  /** The days whose file comes late, one run each. */
  private static final List<Integer> LATE = List.of(100, 200, 300, 50, 150, 250, 350);

  @TempDir private Path directory;

  @Test
  void measures() throws Exception {
    if (!Arrays.asList(System.getProperty("bench.workload", "").split(","))
        .contains("partitions")) {
      return;
    }
    long rows = Long.getLong("bench.rows", 20_000_000);
    Path pipeline = directory.resolve("bench.conf");
    Files.writeString(pipeline, PIPELINE.replace("RAW", directory.resolve("raw").toString()));
    makeDays(TestSpark.session(), rows, "part");
    makeDays(TestSpark.session(), rows, "late");
    for (int day = 0; day < 365; day++) {
      take("part", day);
    }
    try (Engine engine = Engine.within(TestSpark.session())) {
      double all = seconds(run(engine, pipeline));
      List<Double> late = new ArrayList<>();
      List<String> made = List.of();
      for (int day : LATE) {
        take("late", day);
        RunReport report = run(engine, pipeline);
        late.add(seconds(report));
        made = report.steps().stream().map(StepReport::reason).toList();
      }
      double usual = ColdRunBench.median(late);
      ColdRunBench.publish(
          String.format(
              Locale.ROOT,
              "partitions: %,d rows in 365 days: all %.1f s, one late day %.2f s (in turn %s): %.1f"
                  + " %%; %s%n",
              rows,
              all,
              usual,
              late.stream().map(s -> String.format(Locale.ROOT, "%.2f", s)).toList(),
              100 * usual / all,
              made));
    }
  }

  /** A directory of one file for each day. */
  private void makeDays(SparkSession spark, long rows, String name) {
    spark
        .range(0, rows, 1, 4)
        .selectExpr(
            "date_add(DATE'2024-01-01', int(id * 365 / " + rows + ")) AS day",
            "id",
            "int(hash(id) & 1023) AS customer",
            "CAST((hash(id, '" + name + "') & 65535) / 100 AS DECIMAL(12,2)) AS amount")
        .selectExpr("*", "string(day) AS d")
        .repartition(8, functions.col("d"))
        .write()
        .partitionBy("d")
        .parquet(directory.resolve(name).toString());
  }

  private void take(String from, int day) throws Exception {
    String name = LocalDate.parse("2024-01-01").plusDays(day).toString();
    Path raw = Files.createDirectories(directory.resolve("raw"));
    try (Stream<Path> files = Files.list(directory.resolve(from).resolve("d=" + name))) {
      Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.move(file, raw.resolve(name + ".parquet"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static double seconds(RunReport report) {
    return report.steps().stream().mapToDouble(StepReport::seconds).sum();
  }

  private RunReport run(Engine engine, Path pipeline) throws Exception {
    RunReport report =
        engine.run(
            Planning.open(
                new PlanningOptions(
                    pipeline,
                    directory,
                    "local",
                    Map.of(),
                    directory.resolve("wh").toString(),
                    List.of(),
                    Map.of(),
                    PlanningOptions.Verification.QUICK,
                    InstantSource.system())),
            RunRequest.ALL,
            new RunOptions(1, RunOptions.OnFailure.STOP),
            new RunListener() {});
    if (report.status() != RunStatus.SUCCEEDED) {
      throw new IllegalStateException(String.valueOf(report.failure()));
    }
    return report;
  }
}
