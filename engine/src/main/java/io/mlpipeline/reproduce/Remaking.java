package io.mlpipeline.reproduce;

import io.mlpipeline.Planning;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.run.Remaker;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Everything that one reproduction needs.
 *
 * @param planning the pipeline as it was then, with the classes of now
 * @param recorded what is on record of the run
 * @param entries what its steps made, by step
 * @param remaker makes steps again
 * @param scratchUri where it writes to
 * @param spark for comparing
 */
record Remaking(
    Planning planning,
    RecordedRun recorded,
    Map<String, ReuseEntry> entries,
    Remaker remaker,
    String scratchUri,
    SparkSession spark) {

  /** What the pipeline says of inputs from outside, by dataset. */
  Map<String, InputSpec> externals() {
    return planning.spec().inputs().stream()
        .collect(Collectors.toMap(InputSpec::name, Function.identity()));
  }

  /** What is on record of an attempt, for the remaker. */
  Remaker.Original original(RecordedAttempt then, RecordedParts parts, String warehouse) {
    Map<String, PinnedSource> sources =
        recorded.recipe().sources().stream()
            .collect(Collectors.toMap(PinnedSource::dataset, Function.identity()));
    return new Remaker.Original(
        then.run(), then.bases(), entries, sources, warehouse, parts.work());
  }
}
