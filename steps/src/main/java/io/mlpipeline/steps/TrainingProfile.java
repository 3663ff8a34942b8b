package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.apache.spark.sql.functions.sum;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.TrainClassifier.Impute;
import io.mlpipeline.steps.TrainClassifier.Params;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the training rows are like, by exact and order-independent counts; refuses what cannot be
 * learned from.
 *
 * @param classes rows by label
 * @param positive the label that counts as 1
 * @param fill what takes the place of a missing number, by column
 * @param constantColumns numeric columns with one value
 */
record TrainingProfile(
    SortedMap<String, Long> classes,
    String positive,
    Map<String, Double> fill,
    List<String> constantColumns) {

  /** Spark's generated code falls off a cliff somewhere above 70 aggregates. */
  private static final int COLUMNS_A_SCAN = 15;

  static TrainingProfile of(Dataset<Row> rows, BinaryLabel label, Params params) {
    SortedMap<String, Long> classes = classes(rows, label);
    if (!params.weightColumn().isEmpty()) {
      checkWeights(rows, params.weightColumn());
    }
    Map<String, Double> fill = new TreeMap<>();
    List<String> constant = new ArrayList<>();
    for (int from = 0; from < params.numeric().size(); from += COLUMNS_A_SCAN) {
      int to = Math.min(params.numeric().size(), from + COLUMNS_A_SCAN);
      List<String> columns = params.numeric().subList(from, to);
      for (Numbers numbers : numbers(rows, columns, params.impute())) {
        numbers.check();
        fill.put(numbers.column, numbers.fill);
        if (numbers.min == numbers.max) {
          constant.add(numbers.column);
        }
      }
    }
    return new TrainingProfile(classes, label.positive(), fill, List.copyOf(constant));
  }

  long rows() {
    return classes.values().stream().mapToLong(n -> n).sum();
  }

  double positiveShare() {
    return (double) classes.getOrDefault(positive, 0L) / rows();
  }

  private static SortedMap<String, Long> classes(Dataset<Row> rows, BinaryLabel label) {
    SortedMap<String, Long> classes = new TreeMap<>();
    long unlabelled = 0;
    for (Row row : rows.groupBy(TrainingRows.LABEL).count().takeAsList(1000)) {
      if (row.isNullAt(0)) {
        unlabelled = row.getLong(1);
      } else {
        classes.put(row.getString(0), row.getLong(1));
      }
    }
    if (classes.isEmpty() && unlabelled == 0) {
      throw new EngineException(ErrorType.INPUT_MISSING, "rows: there are no rows to train on");
    }
    if (unlabelled > 0) {
      throw failed(
          "label "
              + label.column()
              + " is null in "
              + unlabelled
              + " rows: leave them out in a step before");
    }
    label.check(classes.keySet());
    return classes;
  }

  private static void checkWeights(Dataset<Row> rows, String column) {
    Column weight = MlColumns.named(TrainingRows.WEIGHT);
    long bad =
        rows.where(
                weight
                    .isNull()
                    .or(weight.leq(lit(0.0)))
                    .or(weight.equalTo(lit(Double.POSITIVE_INFINITY))))
            .count();
    if (bad > 0) {
      throw failed("weight-column " + column + " is not above zero and finite in " + bad + " rows");
    }
  }

  private static List<Numbers> numbers(Dataset<Row> rows, List<String> columns, Impute impute) {
    List<Column> aggregates = new ArrayList<>();
    for (String column : columns) {
      Column number = MlColumns.number(MlColumns.named(column));
      aggregates.add(count(number));
      aggregates.add(min(number));
      aggregates.add(max(number));
      aggregates.add(impute == Impute.MEAN ? sum(number) : percentile(number, lit(0.5)));
    }
    Column[] rest = aggregates.subList(1, aggregates.size()).toArray(Column[]::new);
    // A mean is added up partition by partition, so that it does not depend on who is first.
    List<Row> parts =
        impute == Impute.MEAN
            ? rows
                .groupBy(spark_partition_id().as("__part"))
                .agg(aggregates.get(0), rest)
                .collectAsList()
                .stream()
                .sorted(Comparator.comparingInt(row -> row.getInt(0)))
                .toList()
            : rows.groupBy(lit(0).as("__part")).agg(aggregates.get(0), rest).collectAsList();
    List<Numbers> all = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      all.add(Numbers.of(columns.get(i), parts, 1 + 4 * i, impute));
    }
    return all;
  }

  private static EngineException failed(String message) {
    return new EngineException(ErrorType.STEP_FAILED, message);
  }

  private record Numbers(String column, long count, double min, double max, double fill) {

    static Numbers of(String column, List<Row> parts, int at, Impute impute) {
      long count = 0;
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      double fill = 0;
      for (Row part : parts) {
        if (part.getLong(at) > 0) {
          count += part.getLong(at);
          min = Math.min(min, part.getDouble(at + 1));
          max = Math.max(max, part.getDouble(at + 2));
          fill += part.getDouble(at + 3);
        }
      }
      return new Numbers(column, count, min, max, impute == Impute.MEAN ? fill / count : fill);
    }

    void check() {
      if (count == 0) {
        throw failed("numeric column " + column + " has no value in any row: take it out");
      }
      if (Double.isInfinite(min) || Double.isInfinite(max)) {
        throw failed("numeric column " + column + " holds infinite values");
      }
      if (!Double.isFinite(fill)) {
        throw failed("the mean of " + column + " is beyond a double: scale the column");
      }
    }
  }
}
