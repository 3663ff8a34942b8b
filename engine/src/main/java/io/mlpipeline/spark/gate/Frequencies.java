package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How often the values of some columns occur, summed up. As in Deequ, a row whose columns are all
 * null has no value.
 *
 * @param rows rows with a value
 * @param values distinct values
 * @param once values that one row has
 * @param repeated rows that share their value with another
 * @param weighted the sum of {@code n ln n} over the values, n being the rows that have it
 * @param groups distinct values, with null as one of them if it occurs
 */
record Frequencies(long rows, long values, long once, long repeated, double weighted, long groups) {

  private static final String N = "__n";

  /** Groups by Spark, in a pass of its own. */
  static Frequencies bySpark(Dataset<Row> chosen, List<Column> keys) {
    Column[] named =
        IntStream.range(0, keys.size())
            .mapToObj(i -> keys.get(i).as("k" + i))
            .toArray(Column[]::new);
    Column[] grouped =
        IntStream.range(0, keys.size())
            .mapToObj(i -> Columns.named("k" + i))
            .toArray(Column[]::new);
    Column hasValue = lit(false);
    for (Column key : grouped) {
      hasValue = hasValue.or(key.isNotNull());
    }
    Dataset<Row> groups = chosen.select(named).groupBy(grouped).agg(count(lit(1L)).as(N));
    Column n = Columns.named(N);
    Row row =
        groups
            .agg(
                sum(when(hasValue, n)).as("r0"),
                count(when(hasValue, lit(1L))).as("r1"),
                count(when(hasValue.and(n.equalTo(1)), lit(1L))).as("r2"),
                sum(when(hasValue.and(n.gt(1)), n)).as("r3"),
                sum(when(hasValue, n.multiply(log(n)))).as("r4"),
                count(lit(1L)).as("r5"))
            .collectAsList()
            .get(0);
    return of(row);
  }

  /** Groups rows that are few and here already. */
  static Frequencies byHand(List<Row> rows) {
    Map<Row, Long> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(row, 1L, Long::sum));
    long groups = counts.size();
    counts.keySet().removeIf(row -> IntStream.range(0, row.size()).allMatch(row::isNullAt));
    long all = counts.values().stream().mapToLong(n -> n).sum();
    long once = counts.values().stream().filter(n -> n == 1).count();
    double weighted = counts.values().stream().mapToDouble(n -> n * Math.log(n)).sum();
    return new Frequencies(all, counts.size(), once, all - once, weighted, groups);
  }

  private static Frequencies of(Row row) {
    int at = 0;
    return new Frequencies(
        number(row, at++),
        number(row, at++),
        number(row, at++),
        number(row, at++),
        row.isNullAt(at) ? 0 : row.getDouble(at),
        number(row, at + 1));
  }

  private static long number(Row row, int at) {
    return row.isNullAt(at) ? 0 : row.getLong(at);
  }
}
