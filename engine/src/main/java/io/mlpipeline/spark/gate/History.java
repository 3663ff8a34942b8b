package io.mlpipeline.spark.gate;

import io.mlpipeline.model.Measurement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The past of the judged dataset's metrics: of versions that passed, each content once. The content
 * that is being judged is no part of its own past, however often it was judged before.
 */
final class History {

  /** More runs than these are never looked at. */
  static final int MOST_RUNS = 100;

  private final GateContext context;
  private @Nullable String judged;
  private @Nullable List<Measurement> past;

  History(GateContext context) {
    this.context = context;
  }

  /** Says what is being judged, once that is known. */
  void judging(String content) {
    judged = content;
  }

  /** The newest values of a metric, oldest first; what was not a number is left out. */
  List<Double> values(String metric, int most) {
    List<Double> values = new ArrayList<>();
    for (Measurement one : past()) {
      Double value = one.metrics().get(metric);
      boolean isOther = !one.content().equals(judged);
      if (value != null && Double.isFinite(value) && isOther && values.size() < most) {
        values.add(value);
      }
    }
    Collections.reverse(values);
    return values;
  }

  /** Read once, and only if a rule asks. */
  private List<Measurement> past() {
    List<Measurement> known = past;
    if (known == null) {
      known = context.past();
      past = known;
    }
    return known;
  }
}
