package io.mlpipeline.spark.gate;

import com.amazon.deequ.analyzers.Correlation;
import com.amazon.deequ.analyzers.InterquartileRange;
import com.amazon.deequ.analyzers.Kurtosis;
import com.amazon.deequ.analyzers.Mean;
import com.amazon.deequ.analyzers.Range;
import com.amazon.deequ.analyzers.ScanShareableAnalyzer;
import com.amazon.deequ.analyzers.Skewness;
import com.amazon.deequ.analyzers.StandardDeviation;
import com.amazon.deequ.analyzers.Sum;
import com.amazon.deequ.analyzers.Variance;
import com.amazon.deequ.analyzers.ZerosCount;
import com.amazon.deequ.metrics.DoubleMetric;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import scala.Option;

/** A number over one or two columns, computed by the analyzer that Deequ has for it. */
final class Statistic {

  private final ScanShareableAnalyzer<?, DoubleMetric> analyzer;

  private Statistic(ScanShareableAnalyzer<?, DoubleMetric> analyzer) {
    this.analyzer = analyzer;
  }

  static Statistic of(String type, List<String> columns, Optional<String> where) {
    String column = Columns.quoted(columns.get(0));
    Option<String> filter = Scala.option(where);
    return new Statistic(
        switch (type) {
          case "Mean" -> new Mean(column, filter);
          case "Sum" -> new Sum(column, filter);
          case "StandardDeviation" -> new StandardDeviation(column, filter);
          case "ColumnCorrelation" ->
              new Correlation(column, Columns.quoted(columns.get(1)), filter);
          case "ZerosCount" -> new ZerosCount(column, filter);
          case "Range" -> new Range(column, filter);
          case "InterquartileRange" -> new InterquartileRange(column, filter);
          case "Variance" -> new Variance(column, filter);
          case "Skewness" -> new Skewness(column, filter);
          case "Kurtosis" -> new Kurtosis(column, filter);
          default -> throw new IllegalArgumentException(type);
        });
  }

  Column[] aggregates() {
    return Scala.list(analyzer.aggregationFunctions()).toArray(new Column[0]);
  }

  Reading read(Row row) {
    DoubleMetric metric =
        analyzer.metricFromAggregationResult(row, 0, Option.empty(), Option.empty());
    return metric.value().isSuccess()
        ? Reading.of((Double) metric.value().get())
        : Reading.failed("every value is null");
  }
}
