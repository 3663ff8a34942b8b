package io.mlpipeline.spark.explain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What each raw column of a row adds to what a model says of it. Base and contributions sum up to
 * the total.
 *
 * @param scale what is summed up: {@code log-odds of class 1}, {@code prediction}...; empty if the
 *     model cannot be taken apart
 * @param base what the model says before it looks at the row: an intercept, or the mean at the
 *     roots of trees
 * @param byColumn the contributions, the largest first; columns that are only known together stand
 *     as one, joined by {@code + }
 * @param total what the model says of the row on that scale
 * @param note what is to be known of the method; or why there is none
 */
public record Contributions(
    String scale, double base, Map<String, Double> byColumn, double total, String note) {

  public Contributions {
    byColumn = Collections.unmodifiableMap(new LinkedHashMap<>(byColumn));
  }

  /** A model that cannot be taken apart, and why. */
  static Contributions none(String why) {
    return new Contributions("", 0, Map.of(), 0, why);
  }

  public boolean isKnown() {
    return !scale.isEmpty();
  }
}
