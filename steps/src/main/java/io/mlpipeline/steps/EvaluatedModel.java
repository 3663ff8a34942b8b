package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.step.BoundModel;
import io.mlpipeline.step.StepContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.ml.Transformer;

/**
 * A model that {@code evaluate} measures.
 *
 * @param name what it is called in the table: its own name, or {@code champion}
 * @param bound which model it is
 * @param model the loaded model
 */
record EvaluatedModel(String name, BoundModel bound, Transformer model) {

  /** The models at all ports, in the order of the ports. */
  static List<EvaluatedModel> all(StepContext context) {
    if (context.models().isEmpty()) {
      throw invalid("evaluate has no model: bind at least one under inputs");
    }
    List<EvaluatedModel> models = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (String port : context.models().keySet()) {
      BoundModel bound = context.boundModel(port);
      boolean isChampion = port.equals(Evaluate.CHAMPION);
      String name = isChampion ? Evaluate.CHAMPION : bound.name();
      if (!names.add(name)) {
        throw invalid(
            name.equals(Evaluate.CHAMPION)
                ? "evaluate has a model named champion at another port than champion: rename it"
                : "evaluate has one model at two ports: " + context.models());
      }
      models.add(new EvaluatedModel(name, bound, context.model(port)));
    }
    return List.copyOf(models);
  }

  String digest() {
    return bound.digest();
  }

  boolean isChampion() {
    return name.equals(Evaluate.CHAMPION);
  }

  /** The model as messages name it. */
  String described() {
    return isChampion() ? "champion (" + bound.name() + ")" : name;
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, message);
  }
}
