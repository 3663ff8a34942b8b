package io.mlpipeline.reproduce;

import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.Recipe;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as it is on record.
 *
 * @param run the run
 * @param recipe what it was made from
 * @param steps what each of its steps made, in the order that was recorded; none without outputs
 * @param card the version whose card says all this, such as {@code churn@1.0.0}; null if the run's
 *     own recipe does
 */
record RecordedRun(
    String run, Recipe recipe, Map<String, LineageEvent> steps, @Nullable String card) {

  RecordedRun {
    steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
  }

  /**
   * The newest event of every step that has outputs. Attempts at partitions of a step end in any
   * order: the newest is the one that published the highest version.
   */
  static Map<String, LineageEvent> steps(List<LineageEvent> events) {
    Map<String, LineageEvent> steps = new LinkedHashMap<>();
    for (LineageEvent event : events) {
      boolean made =
          event.kind() == LineageEvent.Kind.ATTEMPT || event.kind() == LineageEvent.Kind.REUSE;
      if (made && event.step() != null && !event.outputs().isEmpty()) {
        steps.merge(event.step(), event, RecordedRun::newer);
      }
    }
    return steps;
  }

  private static LineageEvent newer(LineageEvent one, LineageEvent later) {
    return version(later) < version(one) ? one : later;
  }

  private static long version(LineageEvent event) {
    return event.outputs().stream()
        .filter(output -> output.kind() == OutputKind.TABLE)
        .mapToLong(OutputVersion::version)
        .max()
        .orElse(0);
  }
}
