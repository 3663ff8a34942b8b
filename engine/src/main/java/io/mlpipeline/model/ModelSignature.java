package io.mlpipeline.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model takes and gives.
 *
 * @param task what it was trained for: {@code binary-classification}, {@code
 *     multiclass-classification}, {@code regression}, {@code recommendation} or {@code clustering}
 * @param inputs the raw columns that scoring needs, in order
 * @param label the column that it learned to predict; null if there is none, as in clustering
 * @param outputs the columns that scoring adds
 */
public record ModelSignature(
    String task, List<Field> inputs, @Nullable Field label, List<Field> outputs) {

  public ModelSignature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * A column.
   *
   * @param name its name
   * @param type a Spark SQL type in lower case, such as {@code bigint}
   */
  public record Field(String name, String type) {}
}
