package io.mlpipeline.spark.table;

import io.mlpipeline.model.ContractRules;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.NewColumns;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.SchemaSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The columns that one attempt left out because a contract, which bears it, does not name them. */
public final class LeftOut {

  private static final String METRIC = "Dataset.*.NewColumns";

  private final Map<String, List<String>> byDataset = new ConcurrentHashMap<>();

  /** Takes down what is left out of a dataset if its contract says warn. */
  public void note(String dataset, StructType found, @Nullable SchemaSpec contract) {
    if (contract != null && contract.newColumns() == NewColumns.WARN) {
      byDataset.put(
          dataset,
          Arrays.stream(found.fields())
              .filter(field -> contract.column(field.name()).isEmpty())
              .map(StructField::name)
              .toList());
    }
  }

  /** The report with what was left out of its dataset. */
  public GateReport on(GateReport report) {
    List<String> columns = byDataset.getOrDefault(report.dataset(), List.of());
    if (columns.isEmpty()) {
      return report;
    }
    List<RuleOutcome> outcomes = new ArrayList<>();
    for (RuleOutcome outcome : report.outcomes()) {
      boolean isIt = outcome.rule().id().equals(ContractRules.NEW_COLUMNS);
      outcomes.add(isIt ? outcome(outcome, columns) : outcome);
    }
    return GateReport.of(report.dataset(), outcomes, report.quarantine());
  }

  private static RuleOutcome outcome(RuleOutcome passed, List<String> columns) {
    String message =
        (columns.size() == 1
                ? "a column that the contract does not name was"
                : "columns that the" + " contract does not name were")
            + " left out: "
            + String.join(", ", columns);
    return new RuleOutcome(
        passed.rule(), false, message, new TreeMap<>(Map.of(METRIC, (double) columns.size())));
  }
}
