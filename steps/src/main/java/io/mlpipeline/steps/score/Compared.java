package io.mlpipeline.steps.score;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import io.mlpipeline.step.StepOutput;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * How a challenger scores the rows that a champion scores too: all rows in shadow, the served share
 * in a canary. One row: {@code champion}, {@code challenger} (text; null if there was none), {@code
 * rows}, {@code served_by_challenger} (counts), {@code agreement} (share of rows with equal
 * predictions), {@code mean_difference}, {@code mean_absolute_difference}, {@code
 * max_absolute_difference} (challenger's minus champion's probability, or prediction where one of
 * them gives none) and {@code psi} (population stability index of the two distributions of scores,
 * in ten bins of equal width, an empty bin counting half a row). Everything but the labels and
 * counts is null where no row was compared.
 *
 * <p>Differences are added up as decimals of twelve digits, so no order of rows changes them.
 */
final class Compared {

  private static final int BINS = 10;
  private static final double LEAST = 0.5;
  private static final String OLD = "__champion_";
  private static final String NEW = "__challenger_";
  private static final String EXACT = "decimal(38,12)";

  private static final StructType SCHEMA =
      new StructType()
          .add("champion", DataTypes.StringType)
          .add("challenger", DataTypes.StringType)
          .add("rows", DataTypes.LongType)
          .add("served_by_challenger", DataTypes.LongType)
          .add("agreement", DataTypes.DoubleType)
          .add("mean_difference", DataTypes.DoubleType)
          .add("mean_absolute_difference", DataTypes.DoubleType)
          .add("max_absolute_difference", DataTypes.DoubleType)
          .add("psi", DataTypes.DoubleType);

  private final Row row;

  private Compared(Row row) {
    this.row = row;
  }

  /** Nobody was there to be compared with. */
  static Compared alone(ScoredRows champion) {
    return new Compared(
        RowFactory.create(champion.label(), null, 0L, 0L, null, null, null, null, null));
  }

  /** Scores the rows by both in one pass (two for numbers without a probability). */
  static Compared of(
      ScoredRows champion, ScoredRows challenger, Dataset<Row> rows, boolean served) {
    Dataset<Row> both = challenger.beside(champion.beside(rows, OLD), NEW);
    List<String> there = Arrays.asList(both.columns());
    boolean probable =
        there.contains(OLD + ScoredRows.PROBABILITY)
            && there.contains(NEW + ScoredRows.PROBABILITY);
    String score = probable ? ScoredRows.PROBABILITY : ScoredRows.PREDICTION;
    Range range = probable ? new Range(0, 1) : Range.of(both, score);
    Row sums = sums(both, score, range);
    long all = sums.getLong(0);
    if (all == 0) {
      return new Compared(
          RowFactory.create(
              champion.label(), challenger.label(), 0L, 0L, null, null, null, null, null));
    }
    return new Compared(
        RowFactory.create(
            champion.label(),
            challenger.label(),
            all,
            served ? all : 0L,
            (double) sums.getLong(1) / all,
            mean(sums.getDecimal(2), all),
            mean(sums.getDecimal(3), all),
            sums.isNullAt(4) ? null : sums.getDouble(4),
            psi(sums)));
  }

  /** The table, and the same as metrics of the step. */
  StepOutput on(StepOutput output, SparkSession spark) {
    StepOutput all =
        output.withTable("comparison", spark.createDataFrame(List.of(row), SCHEMA).coalesce(1));
    for (int i = 2; i < SCHEMA.size(); i++) {
      if (!row.isNullAt(i)) {
        all = all.withMetric(SCHEMA.fieldNames()[i], ((Number) row.get(i)).doubleValue());
      }
    }
    return all;
  }

  private static Row sums(Dataset<Row> both, String score, Range range) {
    Column before = col(OLD + score);
    Column after = col(NEW + score);
    Column difference = after.minus(before);
    List<Column> sums = new ArrayList<>();
    sums.add(count_if(col(OLD + "prediction").equalTo(col(NEW + "prediction"))));
    sums.add(sum(difference.cast(EXACT)));
    sums.add(sum(abs(difference).cast(EXACT)));
    sums.add(max(abs(difference)));
    for (Column side : List.of(before, after)) {
      Column bin = range.bin(side);
      for (int i = 0; i < BINS; i++) {
        sums.add(count_if(bin.equalTo(lit(i))));
      }
    }
    return both.agg(count(lit(1L)), sums.toArray(Column[]::new)).head();
  }

  private static @Nullable Double mean(@Nullable BigDecimal sum, long rows) {
    return sum == null ? null : sum.doubleValue() / rows;
  }

  private static double psi(Row sums) {
    double[] before = new double[BINS];
    double[] after = new double[BINS];
    for (int i = 0; i < BINS; i++) {
      before[i] = sums.getLong(5 + i);
      after[i] = sums.getLong(5 + BINS + i);
    }
    double all = Arrays.stream(before).sum();
    double index = 0;
    for (int i = 0; i < BINS; i++) {
      if (before[i] > 0 || after[i] > 0) {
        double p = Math.max(before[i], LEAST) / all;
        double q = Math.max(after[i], LEAST) / all;
        index += (q - p) * Math.log(q / p);
      }
    }
    return index;
  }

  /**
   * Where scores lie.
   *
   * @param from the least
   * @param to the greatest
   */
  private record Range(double from, double to) {

    static Range of(Dataset<Row> both, String score) {
      Row ends =
          both.agg(
                  least(min(col(OLD + score)), min(col(NEW + score))),
                  org.apache.spark.sql.functions.greatest(
                      max(col(OLD + score)), max(col(NEW + score))))
              .head();
      return ends.isNullAt(0) ? new Range(0, 1) : new Range(ends.getDouble(0), ends.getDouble(1));
    }

    Column bin(Column value) {
      double width = to > from ? to - from : 1;
      return least(
          value.minus(lit(from)).divide(lit(width)).multiply(lit(BINS)).cast("int"), lit(BINS - 1));
    }
  }
}
