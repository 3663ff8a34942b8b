package io.mlpipeline.steps.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How much better one model is than another, as a function of how often each group of rows counts.
 *
 * @param metrics the metrics' names
 * @param ofWeights from a weight for each group to a gain for each metric: positive is better, NaN
 *     is undefined
 */
record Gains(List<String> metrics, Function<byte[], double[]> ofWeights) {

  Gains {
    metrics = List.copyOf(metrics);
  }

  /** Both. */
  Gains and(Gains other) {
    List<String> names = Stream.concat(metrics.stream(), other.metrics.stream()).toList();
    return new Gains(
        names,
        weights -> {
          double[] mine = ofWeights.apply(weights);
          double[] others = other.ofWeights.apply(weights);
          double[] all = Arrays.copyOf(mine, names.size());
          System.arraycopy(others, 0, all, mine.length, others.length);
          return all;
        });
  }
}
