package io.mlpipeline.steps.score;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.KeyBuckets;
import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * A share of rows by the hash of their keys, in steps of a hundredth of a percent: a key is in it
 * or not, whatever other rows there are and whatever the cluster's size.
 *
 * @param buckets how many of {@value KeyBuckets#ALL}
 */
record Share(int buckets) {

  /** The share of a text such as {@code 10%} or {@code 0.1}: above nothing, up to everything. */
  static Share parse(String param, String text) {
    String number = text.strip();
    boolean percent = number.endsWith("%");
    try {
      BigDecimal value =
          new BigDecimal(percent ? number.substring(0, number.length() - 1).strip() : number);
      BigDecimal buckets =
          value.multiply(BigDecimal.valueOf(percent ? KeyBuckets.ALL / 100 : KeyBuckets.ALL));
      int whole = buckets.setScale(0, java.math.RoundingMode.HALF_UP).intValueExact();
      if (whole >= 1 && whole <= KeyBuckets.ALL) {
        return new Share(whole);
      }
    } catch (ArithmeticException | NumberFormatException ignored) {
      // said below
    }
    throw new EngineException(
        ErrorType.CONFIG_INVALID,
        "param "
            + param
            + " is '"
            + text
            + "'; write a share of the rows from 0.01% to 100%, such as \"10%\"");
  }

  /** Whether a row with these keys is in it. */
  Column holds(List<Column> keys, long seed) {
    return KeyBuckets.of(keys, seed).lt(buckets);
  }
}
