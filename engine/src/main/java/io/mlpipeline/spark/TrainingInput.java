package io.mlpipeline.spark;

import io.mlpipeline.model.Derivation;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.port.Ledger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds in lineage what a model was trained on. A step that only passes a model on (it chooses the
 * best of several) made it of no rows: the model's digest leads from there to the step that did.
 */
final class TrainingInput {

  private TrainingInput() {}

  /** The table that the newest version of a model was trained on; empty if there is no model. */
  static Optional<LineageInput> find(Ledger ledger, String pipeline, String model) {
    List<Derivation> newestFirst = new ArrayList<>();
    for (Derivation event : ledger.derivations()) {
      if (event.pipeline().equals(pipeline) && !event.isFailure()) {
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

  private static Optional<LineageInput> trainedOn(List<Derivation> newestFirst, String digest) {
    return newestFirst.stream()
        .filter(event -> event.outputs().stream().anyMatch(one -> isModel(one, digest)))
        .filter(event -> event.inputs().stream().noneMatch(LineageInput::isModel))
        .flatMap(event -> LineageInput.trainingTable(event.inputs()).stream())
        .findFirst();
  }

  private static boolean isModel(OutputVersion output, String digest) {
    return output.kind() == OutputKind.MODEL && output.digest().equals(digest);
  }
}
