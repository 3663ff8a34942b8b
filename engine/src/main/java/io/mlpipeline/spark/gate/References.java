package io.mlpipeline.spark.gate;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Other datasets that rules compare with. */
final class References {

  /** Thrown for a dataset that is not there. */
  static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Missing(String message) {
      super(message);
    }
  }

  private References() {}

  static Dataset<Row> rows(GateContext context, String name) {
    return context
        .reference(name)
        .orElseThrow(
            () ->
                new Missing(
                    "there is no dataset \""
                        + name
                        + "\" to compare with; make it an input of the step, or name it under"
                        + " gate { references: [...] }"));
  }
}
