package io.mlpipeline.spark;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.Provenance;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.GateStore;
import io.mlpipeline.spark.drift.Asked;
import io.mlpipeline.spark.drift.Drift;
import io.mlpipeline.spark.drift.DriftMethod;
import io.mlpipeline.spark.drift.KeptProfiles;
import io.mlpipeline.spark.drift.Profile;
import io.mlpipeline.step.Distance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds rows against those that a model learned from. */
final class TrainingProfiles {

  private static final Logger LOG = LoggerFactory.getLogger(TrainingProfiles.class);

  private final AttemptCall call;
  private final GateStore gates;
  private final Baselines baselines;

  TrainingProfiles(AttemptCall call, GateStore gates, Baselines baselines) {
    this.call = call;
    this.gates = gates;
    this.baselines = baselines;
  }

  /** Profiles what a model learned from, if that is not kept yet; rows that are gone: a warning. */
  void keep(String modelPort, List<String> columns) {
    LineageInput training = training(modelPort);
    if (training != null) {
      try {
        StructType schema = rows(training).schema();
        trained(training, asked(chosen(schema, columns)));
      } catch (EngineException e) {
        lost(e);
      }
    }
  }

  private Dataset<Row> rows(LineageInput training) {
    return baselines.rows(training.name(), training.uri(), training.version());
  }

  private static void lost(EngineException error) {
    if (error.type() != ErrorType.INPUT_GONE) {
      throw error;
    }
    LOG.warn("no profile of what the model learned from: {}", error.getMessage());
  }

  /** By column; empty if what the model learned from is not known, or gone without a profile. */
  Optional<SortedMap<String, Distance>> distances(
      Dataset<Row> rows, String dataset, String content, String modelPort, List<String> columns) {
    LineageInput training = training(modelPort);
    if (training == null) {
      return Optional.empty();
    }
    List<Asked> asked = asked(chosen(rows.schema(), columns));
    Optional<Profile> before = trained(training, asked);
    if (before.isEmpty()) {
      return Optional.empty();
    }
    Profile now = profile(call.pipeline(), dataset, content, asked, () -> rows);
    SortedMap<String, Distance> found = new TreeMap<>();
    for (Asked one : asked) {
      if (before.get().only(one).isPresent() && now.only(one).isPresent()) {
        Drift.Difference difference =
            Drift.between(before.get(), now, one.column(), DriftMethod.PSI);
        found.put(one.column(), new Distance(difference.distance(), difference.where()));
      }
    }
    return Optional.of(found);
  }

  private @Nullable LineageInput training(String modelPort) {
    Provenance model = call.provenance().get(modelPort);
    return model == null ? null : model.trainedOn();
  }

  private Optional<Profile> trained(LineageInput training, List<Asked> asked) {
    int slash = training.uri().indexOf('/');
    String pipeline = slash < 0 ? call.pipeline() : training.uri().substring(0, slash);
    try {
      return Optional.of(
          profile(pipeline, training.name(), training.identity(), asked, () -> rows(training)));
    } catch (EngineException e) {
      lost(e);
      return Optional.empty();
    }
  }

  private Profile profile(
      String pipeline,
      String dataset,
      String content,
      List<Asked> asked,
      Supplier<Dataset<Row>> rows) {
    KeptProfiles profiles =
        new KeptProfiles(
            key -> gates.findProfile(pipeline, dataset, key, AttemptGates.KIND),
            (key, bytes) -> gates.putProfile(pipeline, dataset, key, AttemptGates.KIND, bytes));
    Profile kept = profiles.kept(content, asked);
    List<Asked> missing = KeptProfiles.missing(kept, asked);
    return missing.isEmpty() ? kept : kept.with(profiles.make(content, rows.get(), missing));
  }

  private static StructType chosen(StructType schema, List<String> columns) {
    StructType chosen = new StructType();
    for (StructField field : schema.fields()) {
      if (columns.stream().anyMatch(field.name()::equalsIgnoreCase)) {
        chosen = chosen.add(field);
      }
    }
    return chosen;
  }

  private static List<Asked> asked(StructType columns) {
    List<Asked> asked = new ArrayList<>();
    for (StructField field : columns.fields()) {
      boolean isNumeric = field.dataType() instanceof NumericType;
      asked.add(new Asked(field.name(), isNumeric ? Asked.Form.NUMBERS : Asked.Form.CATEGORIES));
    }
    return asked;
  }
}
