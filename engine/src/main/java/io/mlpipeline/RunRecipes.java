package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.Recipe;
import io.mlpipeline.registry.ModelCard;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds what a run was made from, by its recipe or else by a card. */
final class RunRecipes {

  private RunRecipes() {}

  /**
   * What a run was made from: its recipe, or, where that is not there, what the card of a version
   * that it registered says. A card knows neither settings nor jars of the command line.
   *
   * @throws EngineException {@code CONFIG_INVALID} if there is no such run or it kept nothing,
   *     {@code INPUT_GONE} if what it kept is gone
   */
  static Recipe of(Warehouse warehouse, String run, List<LineageEvent> events) {
    if (events.isEmpty()) {
      throw EngineException.misused("there is no run " + run, "mlpipeline runs list names them");
    }
    if (events.stream().anyMatch(event -> event.facts().containsKey(RunFacts.SAMPLE))) {
      throw EngineException.misused(
          "run " + run + " was on a sample, which is not reproduced",
          "run it again with --sample: the same rows are chosen");
    }
    Optional<String> seal =
        events.stream()
            .filter(event -> event.kind() == LineageEvent.Kind.RUN)
            .flatMap(event -> Stream.ofNullable(event.facts().get(Recipe.FACT)))
            .findFirst();
    return seal.flatMap(known -> Recipes.find(warehouse, known))
        .or(() -> ofCard(warehouse, run, events.get(0)))
        .orElseThrow(() -> nothing(run, seal));
  }

  private static EngineException nothing(String run, Optional<String> seal) {
    return seal.isPresent()
        ? new EngineException(
            ErrorType.INPUT_GONE,
            "the recipe of run "
                + run
                + " (_ml/config/"
                + seal.get()
                + ".json) is gone, and it registered no model whose card would do")
        : EngineException.misused(
            "run " + run + " did not keep what it was made from",
            "runs of this engine keep it; older ones did so only with a model that they"
                + " registered");
  }

  /** Paths of a card are relative to where the run was started; it is taken for where we are. */
  private static Optional<Recipe> ofCard(Warehouse warehouse, String run, LineageEvent event) {
    Path here = Path.of("").toAbsolutePath();
    return cards(warehouse)
        .filter(card -> card.run().equals(run))
        .findFirst()
        .flatMap(
            card -> {
              SortedMap<String, String> config = new TreeMap<>();
              card.config()
                  .forEach(
                      (file, text) -> config.put(here.resolve(file).normalize().toString(), text));
              Pattern names =
                  Pattern.compile(
                      "(?m)^\\s*\"?pipeline\"?\\s*[:=]\\s*\"?" + card.pipeline() + "\\b");
              return config.entrySet().stream()
                  .filter(file -> names.matcher(file.getValue()).find())
                  .findFirst()
                  .map(
                      file ->
                          new Recipe(
                              file.getKey(),
                              here.toString(),
                              event.environment(),
                              new TreeMap<>(),
                              List.of(),
                              config,
                              card.sources()));
            });
  }

  private static Stream<ModelCard> cards(Warehouse warehouse) {
    return warehouse.registry().models().stream()
        .map(model -> warehouse.registry().state(model))
        .flatMap(
            state ->
                state.versions().stream()
                    .flatMap(
                        version ->
                            warehouse.registry().findCard(state.model(), version.card()).stream()));
  }
}
