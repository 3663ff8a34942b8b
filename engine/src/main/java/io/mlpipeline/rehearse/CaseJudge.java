package io.mlpipeline.rehearse;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.CaseSpec;
import io.mlpipeline.model.CaseSpec.Compared;
import io.mlpipeline.model.CaseSpec.ExpectedFailure;
import io.mlpipeline.model.CaseSpec.ExpectedRules;
import io.mlpipeline.model.CaseSpec.ExpectedTable;
import io.mlpipeline.model.CaseSpec.WrittenTable;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.plan.Excerpt;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.spark.RowMatch;
import io.mlpipeline.spark.WrittenRows;
import io.mlpipeline.spark.table.TableReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Holds what a run came to against what a case expects. */
final class CaseJudge {

  /** More rows than that are no test's. */
  private static final int MOST_ROWS = 10_000;

  private final CaseSpec one;
  private final PipelineSpec spec;
  private final RunReport report;
  private final Warehouse warehouse;
  private final SparkSession spark;
  private final List<String> differences = new ArrayList<>();

  CaseJudge(
      CaseSpec one, PipelineSpec spec, RunReport report, Warehouse warehouse, SparkSession spark) {
    this.one = one;
    this.spec = spec;
    this.report = report;
    this.warehouse = warehouse;
    this.spark = spark;
  }

  /** What is not as it was expected, a line each. */
  List<String> differences() {
    unexpectedFailures();
    ExpectedFailure fails = one.expect().fails();
    if (fails != null) {
      failure(fails);
    }
    one.expect().rejects().forEach(this::rejected);
    one.expect().warns().forEach(this::warned);
    one.expect().metrics().forEach(this::metrics);
    one.expect().tables().forEach(this::table);
    return differences;
  }

  private void unexpectedFailures() {
    for (StepReport step : report.steps()) {
      FailureRecord failure = step.failure();
      boolean isExpected =
          step.status() == StepStatus.REJECTED
              ? step.gates().stream().anyMatch(g -> one.expect().rejects().containsKey(g.dataset()))
              : one.expect().fails() != null && one.expect().fails().step().equals(step.name());
      boolean isOfAnother = failure != null && !step.name().equals(failure.step());
      boolean isCounted =
          step.status() == StepStatus.FAILED || step.status() == StepStatus.REJECTED;
      if (failure != null && !isExpected && !isOfAnother && isCounted) {
        differences.add(
            "step " + step.name() + " " + step.status().word() + ": " + first(failure.message()));
      }
    }
  }

  /** Spark's messages go on with a plan. */
  private static String first(String message) {
    return message.lines().findFirst().orElse("");
  }

  private void failure(ExpectedFailure expected) {
    StepReport step = step(expected.step()).orElse(null);
    FailureRecord failure = step == null ? null : step.failure();
    if (failure == null) {
      differences.add("step " + expected.step() + " was to fail, and did not");
      return;
    }
    if (expected.error() != null && failure.type() != expected.error()) {
      differences.add(
          "step %s was to fail with %s, and did with %s: %s"
              .formatted(
                  expected.step(), expected.error(), failure.type(), first(failure.message())));
    }
    if (expected.message() != null && !failure.message().contains(expected.message())) {
      differences.add(
          "step %s was to fail with '%s' in its message, which is: %s"
              .formatted(expected.step(), expected.message(), failure.message()));
    }
  }

  private void rejected(String dataset, ExpectedRules rules) {
    Optional<StepReport> step =
        spec.producer(dataset).flatMap(producer -> step(producer.name())).or(() -> reader(dataset));
    boolean isRejected = step.filter(s -> s.status() == StepStatus.REJECTED).isPresent();
    if (!isRejected) {
      differences.add(dataset + " was to be rejected, and was not");
    }
    rules.rules().forEach(rule -> broken(dataset, rule, Severity.BLOCK));
  }

  private Optional<StepReport> reader(String dataset) {
    return report.steps().stream()
        .filter(step -> step.gates().stream().anyMatch(gate -> gate.dataset().equals(dataset)))
        .findFirst();
  }

  private void warned(String dataset, ExpectedRules rules) {
    rules.rules().forEach(rule -> broken(dataset, rule, Severity.WARN));
  }

  private void broken(String dataset, String rule, Severity severity) {
    List<RuleOutcome> outcomes =
        report.steps().stream()
            .flatMap(step -> step.gates().stream())
            .filter(gate -> gate.dataset().equals(dataset))
            .map(GateReport::outcomes)
            .flatMap(List::stream)
            .filter(o -> o.rule().id().equals(rule) || o.rule().text().equals(rule))
            .toList();
    if (outcomes.isEmpty()) {
      differences.add(dataset + ": rule '" + rule + "' was not judged");
    } else if (outcomes.stream().allMatch(RuleOutcome::passed)) {
      differences.add(dataset + ": rule '" + rule + "' was to be broken, and holds");
    } else if (outcomes.stream().noneMatch(o -> o.rule().severity() == severity)) {
      differences.add(
          "%s: rule '%s' is broken, but it does not %s"
              .formatted(dataset, rule, severity == Severity.BLOCK ? "block" : "warn"));
    }
  }

  private void metrics(String stepName, SortedMap<String, CaseSpec.Range> ranges) {
    Map<String, Double> measured =
        step(stepName).map(StepReport::metrics).<Map<String, Double>>map(m -> m).orElse(Map.of());
    ranges.forEach(
        (metric, range) -> {
          Double value = measured.get(metric);
          if (value == null) {
            String near = io.mlpipeline.model.Suggestions.didYouMean(metric, measured.keySet());
            differences.add(
                "step %s has no metric %s%s"
                    .formatted(stepName, metric, near == null ? "" : " (" + near + ")"));
          } else if (!range.holds(value)) {
            differences.add(
                "%s.%s was to be %s, and is %s".formatted(stepName, metric, range.words(), value));
          }
        });
  }

  private Optional<StepReport> step(String name) {
    return report.steps().stream().filter(step -> step.name().equals(name)).findFirst();
  }

  private void table(String dataset, ExpectedTable expected) {
    Optional<TableLog.Snapshot> snapshot =
        warehouse.tables().findNewest(spec.name() + "/" + dataset);
    if (snapshot.isEmpty()) {
      if (differences.isEmpty()) { // otherwise it is said why
        differences.add(dataset + " was not published");
      }
      return;
    }
    Dataset<Row> rows = TableReader.read(spark, snapshot.get());
    Long count = expected.count();
    if (count != null && rows.count() != count) {
      differences.add(dataset + " was to have " + count + " rows, and has " + rows.count());
    }
    WrittenTable written = expected.rows();
    if (written != null) {
      rows(dataset, expected, written, rows);
    }
  }

  private void rows(
      String dataset, ExpectedTable expected, WrittenTable written, Dataset<Row> rows) {
    WrittenRows.Typed typed = WrittenRows.of(spark, dataset, written, rows.schema());
    if (!typed.problems().isEmpty()) {
      typed.problems().forEach(problem -> differences.add(problem.toString()));
      return;
    }
    List<String> named =
        Arrays.stream(rows.columns())
            .filter(c -> written.columns().stream().anyMatch(c::equalsIgnoreCase))
            .toList();
    List<String> others =
        Arrays.stream(rows.columns()).filter(column -> !named.contains(column)).toList();
    boolean saysNothing = written.columns().isEmpty();
    if (expected.compared() == Compared.ALL && !others.isEmpty() && !saysNothing) {
      differences.add(
          ("%s has columns that the expectation does not name: %s (columns: named compares the"
                  + " others alone)")
              .formatted(dataset, String.join(", ", others)));
      return;
    }
    Column[] columns = named.stream().map(c -> functions.col("`" + c + "`")).toArray(Column[]::new);
    List<Row> actual = rows.select(columns).limit(MOST_ROWS + 1).collectAsList();
    if (actual.size() > MOST_ROWS) {
      differences.add(dataset + " has more than " + MOST_ROWS + " rows: compare its count alone");
      return;
    }
    List<Row> wanted =
        typed.rows().stream().map(row -> select(typed.schema(), row, named)).toList();
    List<String> lines =
        new RowMatch(named, keys(dataset), expected.tolerance()).differences(wanted, actual);
    if (!lines.isEmpty()) {
      differences.add(
          "%s is not as expected: %d rows wanted, %d there"
              .formatted(dataset, wanted.size(), actual.size()));
      lines.forEach(line -> differences.add("  " + line));
    }
  }

  private static Row select(StructType schema, Row row, List<String> named) {
    return org.apache.spark.sql.RowFactory.create(
        named.stream().map(column -> row.get(schema.fieldIndex(column))).toArray());
  }

  private List<String> keys(String dataset) {
    OutputSpec output = Excerpt.output(spec, dataset).orElse(null);
    if (output == null) {
      return List.of();
    }
    SchemaSpec schema = output.schema();
    return output.keys().isEmpty() && schema != null
        ? schema.keys()
        : Objects.requireNonNull(output).keys();
  }
}
