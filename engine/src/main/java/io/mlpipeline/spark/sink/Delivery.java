package io.mlpipeline.spark.sink;

import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.SinkSpec;
import java.util.List;

/**
 * What is to be delivered.
 *
 * @param sink where to
 * @param keys the columns that name a row
 * @param version the version that was published
 * @param run the run
 * @param attempt the attempt's id
 */
public record Delivery(
    SinkSpec sink, List<String> keys, OutputVersion version, String run, String attempt) {

  public Delivery {
    keys = List.copyOf(keys);
  }

  /** What is delivered, whenever: equal content of one dataset is the same delivery. */
  String content() {
    return version.uri() + "#" + version.identity();
  }
}
