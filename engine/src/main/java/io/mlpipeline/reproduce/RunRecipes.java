package io.mlpipeline.reproduce;

import io.mlpipeline.Recipes;
import io.mlpipeline.RunFacts;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.Recipe;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ReceiptStep;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what a run was made from and what it made, by its recipe and receipts, or else by the card
 * of a version that it registered. A card knows the steps that lead to its model, and neither
 * settings nor jars of the command line.
 */
final class RunRecipes {

  /** The overlay of a run, where the card names its file. */
  private static final Pattern OVERLAY = Pattern.compile("(?:^|.*/)env/([^/]+)\\.conf");

  private static final Pattern NUMBER = Pattern.compile(".*-([0-9]+)");

  private final Warehouse warehouse;
  private final Map<String, String> settings;

  /**
   * Looks in a warehouse.
   *
   * @param settings what is said in place of {@code --set} of then, where nothing kept it
   */
  RunRecipes(Warehouse warehouse, Map<String, String> settings) {
    this.warehouse = warehouse;
    this.settings = settings;
  }

  /** Whether receipts of it are there, or a card. */
  boolean isKnown(String run) {
    return !warehouse.ledger().run(run).isEmpty() || card(run).isPresent();
  }

  private Optional<ModelCard> card(String run) {
    return cards().filter(one -> one.run().equals(run)).findFirst();
  }

  /**
   * A run of which receipts are there, or a card.
   *
   * @throws EngineException {@code CONFIG_INVALID} if there is no such run, it kept nothing, or
   *     settings are said that it kept; {@code INPUT_GONE} if what it kept is gone
   */
  RecordedRun of(String run) {
    List<LineageEvent> events = warehouse.ledger().run(run);
    Optional<ModelCard> card = card(run);
    if (events.isEmpty()) {
      return card.map(this::of)
          .orElseThrow(
              () ->
                  EngineException.misused(
                      "there is no run " + run, "mlpipeline runs list names them"));
    }
    if (events.stream().anyMatch(event -> event.facts().containsKey(RunFacts.SAMPLE))) {
      throw EngineException.misused(
          "run " + run + " was on a sample, which is not reproduced",
          "run it again with --sample: the same rows are chosen");
    }
    Optional<String> seal = seal(events);
    Optional<Recipe> kept = kept(run, seal);
    Map<String, LineageEvent> steps = RecordedRun.steps(events);
    return kept.map(recipe -> new RecordedRun(run, recipe, steps, null))
        .or(() -> card.map(one -> new RecordedRun(run, recipe(one), steps, name(one))))
        .orElseThrow(() -> nothing(run, seal));
  }

  /** What led to a version, as its card says; with what its run was made from, where that is. */
  RecordedRun of(ModelCard card) {
    Map<String, LineageEvent> steps = new LinkedHashMap<>();
    String environment = environment(card);
    for (ReceiptStep step : card.steps()) {
      steps.put(step.step(), event(card, environment, step));
    }
    return kept(card.run(), seal(warehouse.ledger().run(card.run())))
        .map(recipe -> new RecordedRun(card.run(), recipe, steps, null))
        .orElseGet(() -> new RecordedRun(card.run(), recipe(card), steps, name(card)));
  }

  private static Optional<String> seal(List<LineageEvent> events) {
    return events.stream()
        .filter(event -> event.kind() == LineageEvent.Kind.RUN)
        .flatMap(event -> Stream.ofNullable(event.facts().get(Recipe.FACT)))
        .findFirst();
  }

  private Optional<Recipe> kept(String run, Optional<String> seal) {
    Optional<Recipe> recipe = seal.flatMap(known -> Recipes.find(warehouse, known));
    if (recipe.isPresent() && !settings.isEmpty()) {
      throw EngineException.misused(
          "run " + run + " kept what --set said then, and is made again with that",
          "leave --set out");
    }
    return recipe;
  }

  private static EngineException nothing(String run, Optional<String> seal) {
    return seal.isPresent()
        ? new EngineException(
            ErrorType.INPUT_GONE,
            "the recipe of run "
                + run
                + " (_ml/config/"
                + seal.get()
                + ".json) is gone, and it registered no model whose card would do; gc removes"
                + " recipes of old runs that nothing is left of")
        : EngineException.misused(
            "run " + run + " did not keep what it was made from",
            "runs of this engine keep it; older ones did so only with a model that they"
                + " registered");
  }

  /** Paths of a card are relative to where the run was started; of older ones to where we are. */
  private Recipe recipe(ModelCard card) {
    Path here = Path.of(card.facts().getOrDefault(RunFacts.DIRECTORY, "")).toAbsolutePath();
    SortedMap<String, String> config = new TreeMap<>();
    card.config()
        .forEach((file, text) -> config.put(here.resolve(file).normalize().toString(), text));
    return new Recipe(
        pipelineFile(card, here, config),
        here.toString(),
        environment(card),
        new TreeMap<>(settings),
        List.of(),
        config,
        card.sources());
  }

  private static String pipelineFile(ModelCard card, Path here, SortedMap<String, String> config) {
    String known = card.facts().get("pipeline-file");
    String file = known == null ? "" : here.resolve(known).normalize().toString();
    if (config.containsKey(file)) {
      return file;
    }
    Pattern names =
        Pattern.compile("(?m)^\\s*\"?pipeline\"?\\s*[:=]\\s*\"?" + card.pipeline() + "\\b");
    return config.entrySet().stream()
        .filter(one -> names.matcher(one.getValue()).find())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorType.INPUT_GONE,
                    "the card of "
                        + name(card)
                        + " holds no file of pipeline "
                        + card.pipeline()
                        + ", and nothing else says what run "
                        + card.run()
                        + " was made from"));
  }

  private static String environment(ModelCard card) {
    return card.config().keySet().stream()
        .map(OVERLAY::matcher)
        .filter(Matcher::matches)
        .map(file -> file.group(1))
        .findFirst()
        .orElse("local");
  }

  /** A step of a card as its receipt would tell of it. */
  private static LineageEvent event(ModelCard card, String environment, ReceiptStep step) {
    Matcher number = NUMBER.matcher(step.entry().attempt());
    return new LineageEvent(
        card.run() + "/card/" + step.step(),
        LineageEvent.Kind.ATTEMPT,
        step.entry().run(),
        card.pipeline(),
        environment,
        step.step(),
        number.matches() ? Integer.parseInt(number.group(1)) : 1,
        "succeeded",
        null,
        step.entry().fingerprint().sha256(),
        step.entry().fingerprint().ingredients(),
        step.inputs(),
        step.entry().outputs(),
        step.entry().metrics(),
        step.entry().gates(),
        null,
        new TreeMap<>(),
        step.entry().at(),
        step.entry().at());
  }

  private static String name(ModelCard card) {
    return card.model() + "@" + card.version();
  }

  private Stream<ModelCard> cards() {
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
