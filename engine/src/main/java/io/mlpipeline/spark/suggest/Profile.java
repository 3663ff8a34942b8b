package io.mlpipeline.spark.suggest;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What one version of a dataset looks like.
 *
 * @param rows how many rows it has
 * @param columns its columns in order
 */
record Profile(long rows, List<OfColumn> columns) {

  Profile {
    columns = List.copyOf(columns);
  }

  Optional<OfColumn> find(String column) {
    return columns.stream().filter(one -> one.name().equals(column)).findFirst();
  }

  /** What kind of values a column has. */
  enum Kind {
    WHOLE,
    FRACTION,
    TEXT,
    DAY,
    OTHER
  }

  /**
   * A range of numbers.
   *
   * @param min the least; NaN if there is no number
   * @param max the greatest
   * @param mean the average
   * @param deviation the standard deviation of the population
   */
  record Numbers(double min, double max, double mean, double deviation) {

    static final Numbers NONE = new Numbers(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    boolean isKnown() {
      return Double.isFinite(min)
          && Double.isFinite(max)
          && Double.isFinite(mean)
          && Double.isFinite(deviation);
    }
  }

  /**
   * One column.
   *
   * @param name its name
   * @param kind what its values are
   * @param rows how many rows there are
   * @param present how many of them have a value
   * @param distinct about how many different values there are
   * @param numbers the range of a number, or of the length of a text
   * @param firstYear the year of the first day; 0 if it has no days
   * @param form the form that most values have, as of {@link Forms}; empty if there is none
   * @param values how often each value occurs, if there are few of them; else empty
   */
  record OfColumn(
      String name,
      Kind kind,
      long rows,
      long present,
      long distinct,
      Numbers numbers,
      int firstYear,
      String form,
      SortedMap<String, Long> values) {

    boolean isComplete() {
      return rows > 0 && present == rows;
    }

    double completeness() {
      return rows == 0 ? 0 : (double) present / rows;
    }
  }
}
