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
        public Optional<String> content() {
          return Optional.empty();
        }

        @Override
        public Optional<Baseline> baseline(String name, String judged) {
          return Optional.empty();
        }

        @Override
        public Optional<byte[]> profile(String key) {
          return Optional.empty();
        }

        @Override
        public void keepProfile(String key, byte[] profile) {}
      };

  /** The rows of another dataset of the pipeline, at the version that the run pinned. */
  Optional<Dataset<Row>> reference(String dataset);

  /** Measurements of versions that passed, each content once, newest first. */
  List<Measurement> past();

  /** The identity of the judged content, if it is known before the rows are read. */
  Optional<String> content();

  /**
   * What to compare with: {@code previous} (what was published before, other content than the
   * judged), {@code vN} (a version of the judged dataset), {@code DATASET@vN}, {@code DATASET} (a
   * reference), {@code model:NAME} (the rows that the newest version of that model of the pipeline
   * was trained on), or {@code model:NAME@production} and {@code model:NAME@1.4.0} (the same of a
   * registered model). Empty if there is none yet.
   *
   * @param name one of those
   * @param judged the identity of the judged content, as versions carry it
   * @throws io.mlpipeline.model.EngineException {@code INPUT_GONE}: what is named cannot be read,
   *     or cannot be read any more
   */
  Optional<Baseline> baseline(String name, String judged);

  /** The profile that was kept under a key, which begins with the content's identity. */
  Optional<byte[]> profile(String key);

  /** Keeps a profile, so that a later gate need not read the rows. */
  void keepProfile(String key, byte[] profile);
}
