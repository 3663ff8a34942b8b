package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.current_timestamp;
import static org.apache.spark.sql.functions.to_timestamp;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import software.amazon.glue.dqdl.model.condition.duration.Duration;
import software.amazon.glue.dqdl.model.condition.duration.DurationBasedCondition;

/** DataFreshness: the age of a value at the moment of the audit, to the second. */
final class Freshness {

  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Freshness() {}

  static Column test(Column value, DurationBasedCondition condition) {
    Column then = to_timestamp(value).cast(DataTypes.LongType);
    Column age = current_timestamp().cast(DataTypes.LongType).minus(then);
    List<Long> bounds = condition.getOperands().stream().map(Freshness::seconds).toList();
    long first = bounds.get(0);
    return switch (condition.getOperator()) {
      case GREATER_THAN -> age.gt(first);
      case GREATER_THAN_EQUAL_TO -> age.geq(first);
      case LESS_THAN -> age.lt(first);
      case LESS_THAN_EQUAL_TO -> age.leq(first);
      case BETWEEN -> age.gt(first).and(age.lt(bounds.get(1)));
      case NOT_BETWEEN -> age.leq(first).or(age.geq(bounds.get(1)));
      case EQUALS, NOT_EQUALS, IN, NOT_IN ->
          throw new IllegalArgumentException("an age is compared with < or >");
    };
  }

  private static long seconds(Duration duration) {
    long amount = duration.getAmount();
    return switch (duration.getUnit()) {
      case DAYS -> amount * DAY;
      case HOURS -> amount * HOUR;
      case MINUTES -> amount * MINUTE;
    };
  }
}
