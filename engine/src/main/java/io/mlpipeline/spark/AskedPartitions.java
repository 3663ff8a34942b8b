package io.mlpipeline.spark;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PartitionUse;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.StepSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Sees to it that a step gives rows of the partitions that it was asked for, and of no other. */
final class AskedPartitions {

  private static final int NAMED = 3;

  private AskedPartitions() {}

  /**
   * The rows without those of days that were read only because a window reaches back to them: a
   * query over a window gives rows for each of its days, and those of the first are not whole.
   */
  static Dataset<Row> withoutContext(
      Dataset<Row> rows, StepSpec step, OutputSpec output, PartitionWork work) {
    SortedSet<String> context = new TreeSet<>();
    work.reads().forEach((port, names) -> context.addAll(isWindow(step, port) ? names : List.of()));
    context.removeAll(work.asked());
    String column = output.partitionBy().get(0);
    boolean isThere =
        List.of(rows.columns()).stream().anyMatch(name -> name.equalsIgnoreCase(column));
    if (context.isEmpty() || !isThere) {
      return rows; // that a column is missing is said where contracts are enforced
    }
    Object[] days =
        context.stream()
            .map(PartitionNames::values)
            .map(Map::values)
            .map(values -> (Object) values.iterator().next())
            .toArray();
    Column day = functions.col("`" + column.replace("`", "``") + "`").cast("string");
    return rows.where(day.isNull().or(functions.not(day.isin(days))));
  }

  private static boolean isWindow(StepSpec step, String port) {
    return step.use(port).kind() == PartitionUse.Kind.WINDOW;
  }

  /** Throws CONTRACT_BROKEN if there are rows of other partitions, and says of which. */
  static void check(StagedTable table, PartitionWork work) {
    SortedSet<String> others = new TreeSet<>();
    long rows = 0;
    for (DataFile file : table.files()) {
      String name = PartitionNames.of(file.partition());
      if (!work.asked().contains(name)) {
        others.add(name);
        rows += file.rows();
      }
    }
    if (!others.isEmpty()) {
      List<String> few = new ArrayList<>();
      others.stream().limit(NAMED).map(PartitionNames::shown).forEach(few::add);
      int more = others.size() - few.size();
      throw new EngineException(
          ErrorType.CONTRACT_BROKEN,
          "output "
              + table.name()
              + " has "
              + rows
              + " rows of partitions that were not asked for: "
              + String.join(", ", few)
              + (more > 0 ? " and " + more + " more" : "")
              + " (asked for were "
              + asked(work.asked())
              + "); a row belongs to the partition of the input that it is made of: take the value"
              + " from there, or leave such rows out");
    }
  }

  private static String asked(SortedSet<String> asked) {
    String first = PartitionNames.shown(asked.first());
    return asked.size() == 1
        ? first
        : first + " to " + PartitionNames.shown(asked.last()) + ", " + asked.size();
  }
}
