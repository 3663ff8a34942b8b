package io.mlpipeline.spark.gate;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;
import software.amazon.glue.dqdl.model.DQRule;

/**
 * Turns {@code DetectAnomalies} into a test: the metric joins the scan whoever else asks for it.
 */
final class AnomalyTests {

  private final StructType schema;
  private final Gauges gauges;
  private final History history;

  AnomalyTests(StructType schema, Gauges gauges, History history) {
    this.schema = schema;
    this.gauges = gauges;
    this.history = history;
  }

  Finding.Clause clause(DQRule rule, Optional<String> where) {
    Anomaly anomaly = Anomaly.of(rule);
    AnomalySettings settings = anomaly.settings();
    Gauge gauge = gauge(anomaly, where);
    return Finding.Clause.expecting(
        gauge,
        () -> settings.expectation(Sample.of(history.values(gauge.name(), settings.runs()))));
  }

  private Gauge gauge(Anomaly anomaly, Optional<String> where) {
    String metric = anomaly.metric();
    List<String> columns = anomaly.columns();
    return switch (metric) {
      case "RowCount" -> gauges.rowCount(where);
      case "ColumnCount" -> new Gauge("Dataset.*.ColumnCount", () -> Reading.of(schema.size()));
      case "Completeness" -> gauges.completeness(columns.get(0), where);
      case "Minimum" -> plain(gauges.minimum(columns.get(0), where));
      case "Maximum" -> plain(gauges.maximum(columns.get(0), where));
      case "Quantile" -> gauges.quantile(columns.get(0), anomaly.quantile(), where);
      case "Uniqueness" -> gauges.grouped(metric, columns, where, Grouping::uniqueness);
      case "UniqueValueRatio" -> gauges.grouped(metric, columns, where, Grouping::uniqueValueRatio);
      case "Entropy" -> gauges.grouped(metric, columns, where, Grouping::entropy);
      case "DistinctValuesCount" ->
          gauges.grouped(metric, columns, where, Grouping::distinctValues);
      case "DuplicateRowCount" -> gauges.grouped(metric, columns, where, Grouping::duplicateRows);
      default -> gauges.statistic(metric, columns, where);
    };
  }

  /** The number without the sentence that other rules put around it. */
  private static Gauge plain(Gauge gauge) {
    return new Gauge(
        gauge.name(),
        () -> {
          Reading found = gauge.read();
          return found.trouble() == null ? Reading.of(found.value()) : found;
        });
  }
}
