package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import software.amazon.glue.dqdl.model.DQRule;

/** Other datasets that rules compare with. */
final class References {

  /** Thrown for a dataset or a column that is not there, or cannot be compared. */
  static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Missing(String message) {
      super(message);
    }
  }

  private static final String REMEDY =
      "make it an input of the step, or list it under gate { references: [...] }";

  private References() {}

  /** The datasets that a rule reads beside the rows that it judges. */
  static Set<String> names(DQRule rule) {
    Set<String> all = new LinkedHashSet<>();
    RuleLeaves.of(rule)
        .forEach(
            leaf -> {
              if ("CustomSql".equals(leaf.getRuleType())) {
                all.addAll(SqlRefusals.relations(RuleLeaves.parameter(leaf, "CustomSqlStatement")));
              } else if (Comparison.isOf(leaf)) {
                Comparison.of(leaf).map(Comparison::dataset).ifPresent(all::add);
              }
            });
    return all;
  }

  /** The datasets of a rule that it may not read. */
  static List<Fault> unknown(DQRule rule, Set<String> referable) {
    List<Fault> faults = new ArrayList<>();
    for (String name : names(rule)) {
      if (!referable.contains(name)) {
        String known = String.join(", ", new TreeSet<>(referable));
        faults.add(
            Fault.of(
                "the rule reads \"" + name + "\", which is no dataset that this gate sees",
                Nearest.suggestion(name, referable)
                    .orElse(REMEDY + (known.isEmpty() ? "" : "; it sees " + known))));
      }
    }
    return faults;
  }

  static Dataset<Row> rows(GateContext context, String name) {
    return context
        .reference(name)
        .orElseThrow(
            () ->
                new Missing(
                    "there is no dataset \"" + name + "\" to compare with (" + REMEDY + ")"));
  }

  /** A column of another dataset that can be compared with one of ours. */
  static StructField theirs(
      Comparison.Pair pair, StructType mine, StructType theirs, String dataset) {
    StructField own = find(mine, pair.mine(), "the rows");
    StructField other = find(theirs, pair.theirs(), dataset);
    boolean areNumbers =
        own.dataType() instanceof NumericType && other.dataType() instanceof NumericType;
    boolean isAlike =
        own.dataType().asNullable().equals(other.dataType().asNullable())
            && !ColumnFit.hasMap(own.dataType());
    if (!areNumbers && !isAlike) {
      throw new Missing(
          "\""
              + own.name()
              + "\" is "
              + own.dataType().catalogString()
              + " and \""
              + other.name()
              + "\" of "
              + dataset
              + " is "
              + other.dataType().catalogString()
              + ": they cannot be compared (cast one in its step)");
    }
    return other;
  }

  static StructField find(StructType schema, String column, String owner) {
    Optional<StructField> found = Columns.find(schema, column);
    return found.orElseThrow(
        () -> new Missing("there is no column \"" + column + "\" in " + owner));
  }
}
