package io.mlpipeline.gc;

import io.mlpipeline.model.EngineException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What housekeeping may remove.
 *
 * @param age nothing that is younger; at least a day
 * @param keepVersions the newest versions of every table that stay in any case; at least 1
 * @param keepModels the newest archived or experimental versions of every registered model whose
 *     files stay; null for all
 * @param table only old versions of this table, {@code pipeline/dataset}; null for everything
 */
public record GcOptions(
    Duration age, int keepVersions, @Nullable Integer keepModels, @Nullable String table) {

  /** The shortest age: a run that takes longer would lose what it has staged. */
  public static final Duration SHORTEST = Duration.ofDays(1);

  public GcOptions {
    if (age.compareTo(SHORTEST) < 0) {
      throw EngineException.misused(
          "what is younger than a day may belong to a run that goes on", "--older-than 1d or more");
    }
    if (keepVersions < 1) {
      throw EngineException.misused(
          "--keep-versions cannot be " + keepVersions,
          "1 or more: the newest version always stays");
    }
    if (keepModels != null && keepModels < 0) {
      throw EngineException.misused("--keep-models cannot be " + keepModels, "0 or more");
    }
    if (table != null && !table.matches("[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")) {
      throw EngineException.misused(
          "--table cannot be '" + table + "'", "a table by its name, such as churn/features");
    }
  }
}
