package io.mlpipeline.cli;

import io.mlpipeline.model.EngineException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dataset or model as people name it: {@code churn/features@v3}.
 *
 * @param pipeline the pipeline
 * @param name the dataset or model
 * @param version the Delta version, or the beginning of a model's digest; empty means the newest
 */
record DatasetName(String pipeline, String name, String version) {

  private static final Pattern FORM =
      Pattern.compile("([a-z][a-z0-9_]*)/([a-z][a-z0-9_]*)(?:@v?([0-9a-f:m]+))?");

  static DatasetName parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw EngineException.misused(
          "'" + text + "' is no dataset", "name it like churn/features or churn/features@v3");
    }
    return new DatasetName(m.group(1), m.group(2), m.group(3) == null ? "" : m.group(3));
  }
}
