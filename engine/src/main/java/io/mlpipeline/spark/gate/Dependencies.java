package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * FunctionalDependency: the last column is determined by the others. Rows that agree in the others
 * form a group, and a row complies if it has the value that most rows of its group have. If two
 * values are equally frequent, nobody can say which one is right, and no row of the group complies.
 * A row with a null among the others is in no group; in the last column null is a value.
 */
final class Dependencies {

  /** Rows in groups, and those that comply. */
  private record Found(long rows, long good) {}

  private record Key(List<String> columns, Optional<String> where) {}

  private static final String N = "n";
  private static final String VALUE = "d";

  private final Dataset<Row> rows;
  private final Map<Key, Found> found = new HashMap<>();

  Dependencies(Dataset<Row> rows) {
    this.rows = rows;
  }

  /** The share of grouped rows that comply; one pass for all rules with these columns. */
  Gauge gauge(List<String> columns, Optional<String> where) {
    List<String> names =
        columns.stream().map(name -> Columns.bare(name).toLowerCase(Locale.ROOT)).toList();
    String suffix = where.map(filter -> "(where: " + filter + ")").orElse("");
    return new Gauge(
        "Multicolumn." + String.join(",", columns) + ".FunctionalDependency" + suffix,
        () -> Reading.attempt(() -> read(new Key(names, where))));
  }

  private Reading read(Key key) {
    Found result = found.get(key);
    if (result == null) {
      result = found(key);
      found.put(key, result);
    }
    if (result.rows() == 0) {
      return Reading.failed("every row has a null in a column that determines");
    }
    long bad = result.rows() - result.good();
    return Reading.of(
        (double) result.good() / result.rows(),
        bad + " of " + result.rows() + " rows differ from the value of their group");
  }

  private Found found(Key key) {
    Dataset<Row> chosen = key.where().isPresent() ? rows.where(key.where().get()) : rows;
    int last = key.columns().size() - 1;
    List<Column> columns = new ArrayList<>();
    Column isGrouped = lit(true);
    for (int i = 0; i < last; i++) {
      columns.add(Columns.named(key.columns().get(i)).as("k" + i));
      isGrouped = isGrouped.and(Columns.named("k" + i).isNotNull());
    }
    columns.add(Columns.named(key.columns().get(last)).as(VALUE));
    Column[] keys =
        IntStream.range(0, last).mapToObj(i -> Columns.named("k" + i)).toArray(Column[]::new);
    List<Column> both = new ArrayList<>(List.of(keys));
    both.add(Columns.named(VALUE));
    Column n = Columns.named(N);
    Dataset<Row> groups =
        chosen
            .select(columns.toArray(new Column[0]))
            .where(isGrouped)
            .groupBy(both.toArray(new Column[0]))
            .agg(count(lit(1L)).as(N))
            .groupBy(keys)
            .agg(
                most(n, Columns.named(VALUE)).as("hi"),
                alsoMost(n, Columns.named(VALUE)).as("lo"),
                sum(n).as("all"));
    Column hi = Columns.named("hi");
    Column isTie = isTie(hi, Columns.named("lo"));
    Row row =
        groups
            .agg(
                sum(Columns.named("all")).as("r0"),
                sum(when(isTie, lit(0L)).otherwise(hi.getField(N))).as("r1"))
            .collectAsList()
            .get(0);
    return new Found(number(row, 0), number(row, 1));
  }

  /** The most frequent value; of several, the greatest. */
  static Column most(Column n, Column value) {
    return max(struct(n.as(N), value.as(VALUE)));
  }

  /** The most frequent value; of several, the smallest. */
  static Column alsoMost(Column n, Column value) {
    return min(struct(negate(n).as(N), value.as(VALUE)));
  }

  static Column isTie(Column most, Column alsoMost) {
    return org.apache.spark.sql.functions.not(
        most.getField(VALUE).eqNullSafe(alsoMost.getField(VALUE)));
  }

  /** The value of a pair that {@link #most} gave. */
  static Column value(Column most) {
    return most.getField(VALUE);
  }

  private static long number(Row row, int at) {
    return row.isNullAt(at) ? 0 : row.getLong(at);
  }
}
