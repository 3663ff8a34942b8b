package io.mlpipeline.spark;

import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.port.Ledger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds in lineage what a model was trained on. A step that only passes a model on (it chooses the
 * best of several) made it of no rows: the model's digest leads from there to the step that did.
 */
final class TrainingInput {

  private static final String MODEL_DIGEST = "m1:";

  /** Where steps that read several tables read the rows to learn from. */
  private static final List<String> TRAINING_PORTS = List.of("rows", "train", "training");

  private TrainingInput() {}

  /** The table that the newest version of a model was trained on; empty if there is no model. */
  static Optional<LineageInput> find(Ledger ledger, String pipeline, String model) {
    List<LineageEvent> newestFirst = new ArrayList<>();
    for (LineageEvent event : ledger.all()) {
      if (event.pipeline().equals(pipeline) && event.failure() == null) {
        newestFirst.add(event);
      }
    }
    Collections.reverse(newestFirst);
    return newestFirst.stream()
        .flatMap(event -> event.outputs().stream())
        .filter(output -> output.kind() == OutputKind.MODEL && output.name().equals(model))
        .findFirst()
        .flatMap(newest -> trainedOn(newestFirst, newest.digest()));
  }

  private static Optional<LineageInput> trainedOn(List<LineageEvent> newestFirst, String digest) {
    return newestFirst.stream()
        .filter(event -> event.outputs().stream().anyMatch(one -> isModel(one, digest)))
        .filter(event -> event.inputs().stream().noneMatch(TrainingInput::isModel))
        .flatMap(event -> tables(event).stream().limit(1))
        .findFirst();
  }

  private static boolean isModel(OutputVersion output, String digest) {
    return output.kind() == OutputKind.MODEL && output.digest().equals(digest);
  }

  static boolean isModel(LineageInput input) {
    return input.identity().startsWith(MODEL_DIGEST);
  }

  private static List<LineageInput> tables(LineageEvent event) {
    List<LineageInput> tables = new ArrayList<>();
    event.inputs().stream().filter(input -> input.version() >= 0).forEach(tables::add);
    tables.sort(
        Comparator.comparingInt(
            input -> {
              int at = TRAINING_PORTS.indexOf(input.port());
              return at < 0 ? TRAINING_PORTS.size() : at;
            }));
    return tables;
  }
}
