package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StepReport;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eighteen months of real cab trips, month by month, under a gate made from two of them. */
class TaxiPipelineIT {

  @TempDir Path temp;

  @Test
  void stopsTheMonthThatIsWrongAndReportsWhatChanges() {
    Path data = RealData.folderWith("nyc_taxi/yellow_tripdata_sample_2019-12.csv");
    Map<String, List<String>> said = new TreeMap<>();
    List<String> rejected = new ArrayList<>();
    for (YearMonth month = YearMonth.of(2018, 7);
        !month.isAfter(YearMonth.of(2019, 12));
        month = month.plusMonths(1)) {
      RunReport report =
          EngineHarness.of(
                  EngineHarness.CONF.resolve("pipelines/taxi.conf"), temp.resolve("warehouse"))
              .with("data", data.toString())
              .with("params.month", month.toString())
              .run();
      if (report.status() == RunStatus.REJECTED) {
        rejected.add(month.toString());
      } else {
        assertThat(report.status())
            .as("%s %s", month, report.failure())
            .isEqualTo(RunStatus.SUCCEEDED);
      }
      said.put(month.toString(), failed(report));
    }
    assertThat(rejected).as("%s", said).containsExactly("2018-08");
    assertThat(said.get("2018-08")).anyMatch(rule -> rule.startsWith("block Mean \"fare_amount\""));
    assertThat(said.get("2018-07")).isEmpty();
    assertThat(said.get("2018-09")).isEmpty();
    String alive = "warn Completeness \"congestion_surcharge\" < 0.01";
    assertThat(said.get("2018-12")).doesNotContain(alive);
    assertThat(said.get("2019-01")).contains(alive);
    assertThat(said.get("2019-02")).contains(alive);
    String vendors = "warn DistinctValuesCount \"vendor_id\" = 3 where \"vendor_id is not null\"";
    assertThat(said.get("2019-08")).doesNotContain(vendors);
    assertThat(said.get("2019-09")).contains(vendors);
    assertThat(said.get("2019-06")).doesNotContain("warn IsComplete \"passenger_count\"");
    assertThat(said.get("2019-07")).contains("warn IsComplete \"passenger_count\"");
  }

  private static List<String> failed(RunReport report) {
    List<String> failed = new ArrayList<>();
    for (StepReport step : report.steps()) {
      for (GateReport gate : step.gates()) {
        for (RuleOutcome outcome : gate.outcomes()) {
          if (!outcome.passed()) {
            String severity = outcome.rule().severity() == Severity.BLOCK ? "block " : "warn ";
            failed.add(severity + outcome.rule().text());
          }
        }
      }
    }
    return failed;
  }
}
