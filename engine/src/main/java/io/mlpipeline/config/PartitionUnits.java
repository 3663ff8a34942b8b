package io.mlpipeline.config;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PartitionTime.Unit;
import io.mlpipeline.model.PartitionUse;
import io.mlpipeline.model.PathLayout;
import io.mlpipeline.model.SchemaSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks that what counts days or hours reads and makes partitions of such: by the types of columns
 * and the forms in locations. Texts may be either, which is seen when there are values.
 */
final class PartitionUnits {

  private final Problems problems;
  private final Node node;
  private final String what;

  /** The node says how an input is read; what says so in words, up to the input's name. */
  PartitionUnits(Problems problems, Node node, String what) {
    this.problems = problems;
    this.node = node;
    this.what = what;
  }

  void checkWindow(
      PartitionUse use,
      @Nullable OutputSpec made,
      @Nullable InputSpec external,
      OutputSpec output) {
    Unit unit = use.unit();
    String column = output.partitionBy().get(0);
    if (output.partitionBy().size() != 1) {
      problems.add(
          node.at(),
          what
              + "is partitioned by "
              + String.join(", ", output.partitionBy())
              + ": "
              + unit.word()
              + "s can be counted where there is one column only",
          "partition by " + aColumn(unit) + " alone, or read it with partitions: all");
    } else if (isOf(unit, "has partitions by " + column, made, external, column)) {
      isOf(unit, "is read for partitions of '" + output.name() + "' by " + column, output, column);
    }
  }

  /** Hours of an input, of any one column, make days of the output. */
  void checkHours(@Nullable OutputSpec made, @Nullable InputSpec external, OutputSpec output) {
    List<String> columns = columns(made, external);
    if (columns.size() > 1 || output.partitionBy().size() > 1) {
      boolean isInput = columns.size() > 1;
      problems.add(
          node.at(),
          (isInput ? what + "is" : what + "is read for '" + output.name() + "', which is")
              + " partitioned by "
              + String.join(", ", isInput ? columns : output.partitionBy()),
          "hours make days where both have one partition column only");
      return;
    }
    String column = output.partitionBy().get(0);
    boolean isRight =
        columns.isEmpty()
            || isOf(
                Unit.HOUR, "has partitions by " + columns.get(0), made, external, columns.get(0));
    if (isRight) {
      isOf(
          Unit.DAY,
          "is read for partitions of '" + output.name() + "' by " + column,
          output,
          column);
    }
  }

  private static List<String> columns(@Nullable OutputSpec made, @Nullable InputSpec external) {
    if (made != null) {
      return made.partitionBy();
    }
    PathLayout layout = external == null ? null : external.layout();
    return layout == null ? List.of() : layout.columns();
  }

  private boolean isOf(
      Unit unit,
      String whose,
      @Nullable OutputSpec made,
      @Nullable InputSpec external,
      String column) {
    PathLayout layout = external == null ? null : external.layout();
    Unit other = layout == null ? null : layout.unit(column).orElse(null);
    if (other != null && other != unit) {
      add(whose + ", which are " + other.word() + "s by the form in its location", unit);
      return false;
    }
    return made == null || isOf(unit, whose, made, column);
  }

  private boolean isOf(Unit unit, String whose, OutputSpec output, String column) {
    String type = type(output.schema(), column);
    boolean isDate = type != null && type.equals("date");
    if (type == null || type.equals("string") || (isDate && unit == Unit.DAY)) {
      return true;
    }
    add(whose + ", " + (type.equals("int") ? "an " : "a ") + type, unit);
    return false;
  }

  private void add(String found, Unit unit) {
    problems.add(
        node.at(),
        what + found + ", where " + unit.word() + "s are counted",
        "partition by " + aColumn(unit) + ", or read it with partitions: each or all");
  }

  private static String aColumn(Unit unit) {
    return unit == Unit.DAY ? "a date" : "a string such as 2024-06-01T13";
  }

  private static @Nullable String type(@Nullable SchemaSpec schema, String column) {
    return schema == null ? null : schema.column(column).map(ColumnSpec::type).orElse(null);
  }
}
