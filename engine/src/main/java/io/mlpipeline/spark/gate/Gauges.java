package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;

/**
 * The metrics of one judging, by the names that DQDL gives them. Each puts its aggregates into the
 * shared scan when it is made; those that need grouping run a pass of their own when they are read,
 * unless rows are few.
 */
final class Gauges {

  /** Whether rows are few enough to be grouped on the driver, in the shared scan. */
  enum Size {
    FEW,
    MANY
  }

  private record GroupKey(List<String> columns, Optional<String> where) {}

  private static final int RANKS = 10_000;

  private final Dataset<Row> rows;
  private final Scan scan;
  private final Size size;
  private final Map<GroupKey, Grouping> groupings = new HashMap<>();

  Gauges(Dataset<Row> rows, Scan scan, Size size) {
    this.rows = rows;
    this.scan = scan;
    this.size = size;
  }

  /** Any aggregate over all rows, in the shared scan. */
  Measure measure(Column aggregate) {
    return scan.measure(aggregate);
  }

  /** How many rows a filter chooses; all of them without one. */
  Measure chosen(Optional<String> where) {
    return scan.measure(count(within(where, lit(1L))));
  }

  Gauge rowCount(Optional<String> where) {
    Measure rowsChosen = chosen(where);
    return gauge("Dataset.*.RowCount", where, rowsChosen, m -> Reading.count(m.count()));
  }

  Gauge completeness(String column, Optional<String> where) {
    Measure all = chosen(where);
    Measure present = scan.measure(count(within(where, Columns.named(column))));
    return gauge(
        of(column) + "Completeness", where, present, m -> Reading.share(m.count(), all.count()));
  }

  /** Complete or not, told as the number of nulls. */
  Gauge nulls(String column, Optional<String> where) {
    Measure all = chosen(where);
    Measure present = scan.measure(count(within(where, Columns.named(column))));
    return gauge(
        of(column) + "Completeness",
        where,
        present,
        m -> {
          long missing = all.count() - m.count();
          String words = missing + " of " + all.count() + " values of \"" + column + "\" are null";
          return Reading.of((double) m.count() / all.count(), words);
        });
  }

  Gauge notNumbers(String column, Optional<String> where) {
    Column isNot = when(isnan(Columns.named(column)), lit(1L));
    Measure nans = scan.measure(count(within(where, isNot)));
    return gauge(
        of(column) + "NaN",
        where,
        nans,
        m -> Reading.of((double) m.count(), m.count() + " values are NaN"));
  }

  /** The share of rows that meet a test; a row for which it is null does not. */
  Gauge compliance(String name, Column test, Optional<String> where) {
    Measure all = chosen(where);
    Measure good = scan.measure(count(within(where, when(test, lit(1L)))));
    return gauge(
        name,
        where,
        good,
        m -> {
          long bad = all.count() - m.count();
          String words = bad + " of " + all.count() + " rows do not comply";
          return Reading.of((double) m.count() / all.count(), words);
        });
  }

  Gauge minimum(String column, Optional<String> where) {
    Column least = min(within(where, Columns.named(column)));
    return extreme(of(column) + "Minimum", least, where, "the smallest is ");
  }

  Gauge maximum(String column, Optional<String> where) {
    Column most = max(within(where, Columns.named(column)));
    return extreme(of(column) + "Maximum", most, where, "the largest is ");
  }

  Gauge shortest(String column, Optional<String> where) {
    Column least = min(within(where, length(Columns.named(column))));
    return extreme(of(column) + "MinimumLength", least, where, "the shortest has length ");
  }

  Gauge longest(String column, Optional<String> where) {
    Column most = max(within(where, length(Columns.named(column))));
    return extreme(of(column) + "MaximumLength", most, where, "the longest has length ");
  }

  /** A metric of Deequ's, by Deequ's aggregates. */
  Gauge statistic(String type, List<String> columns, Optional<String> where) {
    Statistic statistic = Statistic.of(type, columns, where);
    Measure measure = scan.measure(statistic.aggregates());
    String name =
        columns.size() > 1
            ? "Multicolumn." + String.join(",", columns) + "." + type
            : of(columns.get(0)) + type;
    return gauge(name, where, measure, m -> statistic.read(m.row()));
  }

  /** By Spark's sketch: the rank is off by at most a ten-thousandth of the rows. */
  Gauge quantile(String column, double probability, Optional<String> where) {
    Column value = within(where, Columns.named(column));
    Column isNot = when(isnan(Columns.named(column)), lit(1L));
    Measure measure =
        scan.measure(
            percentile_approx(value, lit(probability), lit(RANKS)), count(within(where, isNot)));
    return gauge(
        of(column) + "Quantile(" + Reading.plain(probability) + ")",
        where,
        measure,
        m -> {
          if (m.row().isNullAt(0)) {
            return Reading.failed("every value is null");
          }
          boolean isNumber = m.row().getLong(1) == 0;
          return Reading.of(isNumber ? Double.parseDouble(m.row().get(0).toString()) : Double.NaN);
        });
  }

  Gauge grouped(
      String metric,
      List<String> columns,
      Optional<String> where,
      Function<Grouping, Reading> how) {
    List<String> keys =
        columns.stream().map(c -> Columns.bare(c).toLowerCase(Locale.ROOT)).toList();
    Grouping grouping =
        groupings.computeIfAbsent(new GroupKey(keys, where), key -> grouping(columns, where));
    String owner =
        switch (columns.size()) {
          case 0 -> "Dataset.*.";
          case 1 -> of(columns.get(0));
          default -> "Multicolumn." + String.join(",", columns) + ".";
        };
    return new Gauge(owner + metric + suffix(where), () -> how.apply(grouping));
  }

  private Grouping grouping(List<String> columns, Optional<String> where) {
    List<String> names = columns.isEmpty() ? List.of(rows.columns()) : columns;
    List<Column> keys = names.stream().map(Columns::named).toList();
    if (size == Size.FEW && names.stream().allMatch(this::isPlain)) {
      Column key = struct(keys.toArray(new Column[0]));
      Measure all = scan.measure(collect_list(within(where, key)));
      return new Grouping(() -> Frequencies.byHand(all.row().getList(0)));
    }
    return new Grouping(
        () -> Frequencies.bySpark(where.isPresent() ? rows.where(where.get()) : rows, keys));
  }

  /** Whether Java compares the values of a column as Spark groups them. */
  private boolean isPlain(String column) {
    DataType type = Columns.find(rows.schema(), column).orElseThrow().dataType();
    boolean isInexact =
        type instanceof DoubleType || type instanceof FloatType || type instanceof BinaryType;
    return type instanceof AtomicType && !isInexact;
  }

  private static Gauge gauge(
      String name, Optional<String> where, Measure measure, Function<Measure, Reading> how) {
    return new Gauge(
        name + suffix(where),
        () -> {
          String trouble = measure.trouble();
          return trouble == null ? how.apply(measure) : Reading.failed(trouble);
        });
  }

  private Gauge extreme(String name, Column aggregate, Optional<String> where, String words) {
    return gauge(
        name,
        where,
        scan.measure(aggregate),
        m -> {
          if (m.row().isNullAt(0)) {
            return Reading.failed("every value is null");
          }
          // By way of text, so that a float 0.1 is 0.1 and not 0.10000000149.
          double value = Double.parseDouble(m.row().get(0).toString());
          return Reading.of(value, words + Reading.plain(value));
        });
  }

  private static Column within(Optional<String> where, Column value) {
    return where.isPresent() ? when(expr(where.get()), value) : value;
  }

  private static String of(String column) {
    return "Column." + Columns.bare(column) + ".";
  }

  private static String suffix(Optional<String> where) {
    return where.map(filter -> "(where: " + filter + ")").orElse("");
  }
}
