package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eighteen months of real cab trips, month by month, under a gate made from two of them. */
class TaxiPipelineIT {

  private static final String FILE = "nyc_taxi/yellow_tripdata_sample_%s.csv";
  private static final YearMonth FIRST = YearMonth.of(2018, 7);
  private static final YearMonth LAST = YearMonth.of(2019, 12);

  /** Columns of whole numbers, by their place in the files. */
  private static final List<Integer> WHOLE = List.of(0, 3, 5, 7, 8, 9);

  @TempDir Path temp;

  @Tag("long")
  @Test
  void stopsTheMonthThatIsWrongAndReportsWhatChanges() throws IOException {
    Path data = RealData.folderWith(FILE.formatted(LAST));
    SortedMap<YearMonth, RunReport> runs = new TreeMap<>();
    StringBuilder table = new StringBuilder();
    for (YearMonth month = FIRST; !month.isAfter(LAST); month = month.plusMonths(1)) {
      long start = System.nanoTime();
      RunReport report = run(data, month);
      runs.put(month, report);
      table.append(line(month, report, (System.nanoTime() - start) / 1e9));
    }
    Files.writeString(Path.of("target/taxi-gate.txt"), table);

    assertThat(runs.entrySet().stream().filter(r -> r.getValue().status() != RunStatus.SUCCEEDED))
        .as("%s", table)
        .singleElement()
        .satisfies(
            only -> {
              assertThat(only.getKey()).isEqualTo(YearMonth.of(2018, 8));
              assertThat(only.getValue().status()).isEqualTo(RunStatus.REJECTED);
              assertThat(failed(only.getValue()))
                  .anyMatch(rule -> rule.startsWith("block Mean \"fare_amount\""));
            });
    String alive = "warn Completeness \"congestion_surcharge\" < 0.01";
    String surcharge = "warn DetectAnomalies \"Completeness\" \"congestion_surcharge\"";
    String grown = "warn Drift \"vendor_id\" \"previous\" <= 0.015 with method = \"psi\"";
    String gone = "warn VanishedCategories \"vendor_id\" = 0";
    assertMonths(runs, alive, YearMonth.of(2019, 1), LAST);
    assertThat(failed(runs.get(YearMonth.of(2019, 1)))).contains(surcharge);
    assertThat(failed(runs.get(YearMonth.of(2019, 2)))).contains(surcharge);
    // Vendor 4 has 6 trips in the first month and 85 in the next that is clean.
    assertThat(failed(runs.get(YearMonth.of(2018, 9)))).containsExactly(grown);
    assertThat(table).contains("(values above 2 were 0.06 % of the rows and are 0.85 %)");
    assertMonths(runs, gone, YearMonth.of(2019, 9), YearMonth.of(2019, 9));
    assertMonths(runs, "warn IsComplete \"passenger_count\"", YearMonth.of(2019, 7), LAST);
    assertWholeNumbersMayBeWrittenAsFractions(data, runs.get(LAST));
  }

  private void assertWholeNumbersMayBeWrittenAsFractions(Path data, RunReport plain)
      throws IOException {
    Path copy = temp.resolve("data").resolve(FILE.formatted(LAST));
    Files.createDirectories(copy.getParent());
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(data.resolve(FILE.formatted(LAST)))) {
      String[] cells = line.split(",", -1);
      for (int column : WHOLE) {
        cells[column] = cells[column].matches("[0-9]+") ? cells[column] + ".0" : cells[column];
      }
      lines.add(String.join(",", cells));
    }
    Files.write(copy, lines);
    assertThat(lines.get(1)).matches("[12]\\.0,.*");

    RunReport report = run(temp.resolve("data"), LAST);
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(output(report)).isEqualTo(output(plain));
    // 69 rows lack what the vendor says; a location is never absent.
    assertThat(step(plain).metrics()).doesNotContainKey("coerced_values.vendor_id");
    assertThat(step(report).metrics())
        .containsEntry("coerced_values.vendor_id", 9_931.0)
        .containsEntry("coerced_values.payment_type", 9_931.0)
        .containsEntry("coerced_values.pickup_location_id", 10_000.0);
  }

  /** The rule fails in these months, and in no other that was published. */
  private static void assertMonths(
      SortedMap<YearMonth, RunReport> runs, String rule, YearMonth from, YearMonth to) {
    runs.forEach(
        (month, report) -> {
          boolean expected = !month.isBefore(from) && !month.isAfter(to);
          assertThat(failed(report).contains(rule)).as("%s: %s", month, rule).isEqualTo(expected);
        });
  }

  private RunReport run(Path data, YearMonth month) {
    return EngineHarness.of(
            EngineHarness.CONF.resolve("pipelines/taxi.conf"), temp.resolve("warehouse"))
        .with("data", data.toString())
        .with("params.month", month.toString())
        .run();
  }

  private static String line(YearMonth month, RunReport report, double seconds) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(Locale.ROOT, "%s %s (%.1f s)%n", month, report.status().word(), seconds));
    for (GateReport gate : step(report).gates()) {
      for (RuleOutcome outcome : gate.outcomes()) {
        if (!outcome.passed()) {
          line.append("    ").append(named(outcome)).append(" -> ").append(outcome.message());
          line.append('\n');
        }
      }
    }
    return line.toString();
  }

  private static List<String> failed(RunReport report) {
    return step(report).gates().stream()
        .flatMap(gate -> gate.outcomes().stream())
        .filter(outcome -> !outcome.passed())
        .map(TaxiPipelineIT::named)
        .toList();
  }

  private static String named(RuleOutcome outcome) {
    return outcome.rule().severity().name().toLowerCase(Locale.ROOT) + " " + outcome.rule().text();
  }

  private static StepReport step(RunReport report) {
    return EngineHarness.step(report, "ingest");
  }

  private static OutputVersion output(RunReport report) {
    return step(report).outputs().get(0);
  }
}
