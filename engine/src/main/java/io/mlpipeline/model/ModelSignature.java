package io.mlpipeline.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model takes and gives. Told by the step that trained it, kept beside the model, and no
 * part of its digest.
 *
 * @param task one of {@link #TASKS}
 * @param inputs the raw columns that scoring needs, in order
 * @param label the column that was learned; null where nothing is (clustering)
 * @param outputs the columns that scoring adds
 */
public record ModelSignature(
    String task, List<Field> inputs, @Nullable Field label, List<Field> outputs) {

  /** The tasks that a model may be made for. */
  public static final List<String> TASKS =
      List.of(
          "binary-classification",
          "multiclass-classification",
          "regression",
          "recommendation",
          "clustering");

  public ModelSignature {
    if (!TASKS.contains(task)) {
      throw new IllegalArgumentException("'" + task + "' is no task; they are " + TASKS);
    }
    inputs = distinct(inputs);
    outputs = distinct(outputs);
  }

  private static List<Field> distinct(List<Field> fields) {
    Set<String> names = new LinkedHashSet<>();
    for (Field field : fields) {
      if (!names.add(field.name())) {
        throw new IllegalArgumentException("column " + field.name() + " is named twice");
      }
    }
    return List.copyOf(fields);
  }

  /**
   * A column.
   *
   * @param name its name
   * @param type Spark SQL's simple name of its type, such as {@code decimal(10,2)}
   */
  public record Field(String name, String type) {}
}
