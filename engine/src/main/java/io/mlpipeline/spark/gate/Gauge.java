package io.mlpipeline.spark.gate;

import java.util.function.Supplier;

/**
 * A metric with its name, read after the scan.
 *
 * @param name the name in outcomes, such as {@code Column.age.Completeness}
 * @param source gives the number
 */
record Gauge(String name, Supplier<Reading> source) {

  Reading read() {
    return source.get();
  }
}
