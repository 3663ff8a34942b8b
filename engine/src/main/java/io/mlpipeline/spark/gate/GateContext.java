package io.mlpipeline.spark.gate;

import io.mlpipeline.model.Measurement;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a gate may look at besides the rows that it judges. Everything is looked up only if a rule
 * asks for it.
 */
public interface GateContext {

  /** Nothing but the rows. */
  GateContext NONE =
      new GateContext() {
        @Override
        public Optional<Dataset<Row>> reference(String dataset) {
          return Optional.empty();
        }

        @Override
        public List<Measurement> past() {
          return List.of();
        }

        @Override
        public Optional<Dataset<Row>> baseline(String name) {
          return Optional.empty();
        }

        @Override
        public Optional<String> baselineContent(String name) {
          return Optional.empty();
        }

        @Override
        public Optional<byte[]> profile(String content) {
          return Optional.empty();
        }

        @Override
        public void keepProfile(String content, byte[] profile) {}
      };

  /** The rows of another dataset of the pipeline, at the version that the run pinned. */
  Optional<Dataset<Row>> reference(String dataset);

  /** Measurements of versions that passed, each content once, newest first. */
  List<Measurement> past();

  /**
   * The rows of a baseline: {@code previous} (the version published last), {@code vN} (a version of
   * the judged dataset), {@code DATASET@vN}, {@code DATASET} (a reference), or {@code model:NAME}
   * (the rows that the newest version of that model was trained on).
   */
  Optional<Dataset<Row>> baseline(String name);

  /**
   * The content digest of a baseline, by which profiles are kept; empty if there is no baseline.
   */
  Optional<String> baselineContent(String name);

  /** The profile that was kept of a content. */
  Optional<byte[]> profile(String content);

  /** Keeps the profile of a content, so that a later gate need not read the rows. */
  void keepProfile(String content, byte[] profile);
}
