package io.mlpipeline;

import io.mlpipeline.json.FormException;
import io.mlpipeline.json.RecipeJson;
import io.mlpipeline.json.Sealed;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.Recipe;
import io.mlpipeline.run.PlanResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps what runs are made from, each content once: {@code _ml/config/<seal>.json}. */
public final class Recipes {

  private Recipes() {}

  /** Keeps what this run is made from; returns its seal, for the run's facts. */
  static String keep(Planning planning, PlanResolver.Resolved resolved) {
    PlanningOptions options = planning.options();
    Path directory = options.workingDirectory().toAbsolutePath().normalize();
    SortedMap<String, String> config = new TreeMap<>();
    planning
        .config()
        .forEach((file, text) -> config.put(directory.resolve(file).normalize().toString(), text));
    byte[] document =
        RecipeJson.write(
            new Recipe(
                directory.resolve(options.pipelineFile()).normalize().toString(),
                directory.toString(),
                options.environment(),
                new TreeMap<>(options.settings()),
                options.jars(),
                config,
                resolved.history().sources().values().stream()
                    .sorted(java.util.Comparator.comparing(source -> source.dataset()))
                    .toList()));
    String seal = RecipeJson.seal(document);
    planning.warehouse().objects().putIfAbsent(key(seal), document);
    return seal;
  }

  /** The recipe of a seal; empty if there is none. */
  public static Optional<Recipe> find(Warehouse warehouse, String seal) {
    return warehouse
        .objects()
        .find(key(seal))
        .or(() -> aside(warehouse, key(seal)))
        .map(document -> read(seal, document));
  }

  /** Housekeeping puts it aside first. */
  private static Optional<byte[]> aside(Warehouse warehouse, String key) {
    return warehouse.housekeeping().findAside(key).flatMap(warehouse.objects()::find);
  }

  /**
   * The seal of the recipe that a run was made by.
   *
   * @throws EngineException {@code CONFIG_INVALID} if there is no such run, or if it kept none
   */
  public static String seal(String run, List<LineageEvent> events) {
    return events.stream()
        .filter(event -> event.kind() == LineageEvent.Kind.RUN)
        .map(event -> event.facts().get(Recipe.FACT))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(
            () ->
                events.isEmpty()
                    ? EngineException.misused(
                        "there is no run " + run, "mlpipeline runs list names them")
                    : EngineException.misused(
                        "run " + run + " did not keep what it was made from",
                        "runs of this engine keep it; older ones did not"));
  }

  /** The recipe of a run. Throws {@code INPUT_GONE} if it is gone. */
  public static Recipe load(Warehouse warehouse, String run, String seal) {
    return find(warehouse, seal)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorType.INPUT_GONE,
                    "the recipe of run "
                        + run
                        + " (_ml/config/"
                        + seal
                        + ".json) is gone; gc"
                        + " removes those of old runs that nothing is left of"));
  }

  /**
   * What was said of the pipeline then.
   *
   * @param file where its file lies now
   * @param asOf what {@code ${run.as-of}} stands for unless it was set then
   */
  public static PlanningOptions options(
      Recipe recipe,
      Path file,
      String asOf,
      Warehouse warehouse,
      Map<String, String> environmentVariables) {
    Map<String, String> settings = new LinkedHashMap<>(recipe.settings());
    settings.putIfAbsent("run.as-of", asOf);
    return new PlanningOptions(
        file,
        Path.of(recipe.workingDirectory()),
        recipe.environment(),
        settings,
        warehouse.uri(),
        recipe.jars(),
        environmentVariables,
        PlanningOptions.Verification.QUICK,
        InstantSource.system());
  }

  private static Recipe read(String seal, byte[] document) {
    try {
      Sealed<Recipe> sealed = RecipeJson.read(document);
      if (sealed.seal().equals(seal)) {
        return sealed.value();
      }
      throw new EngineException(
          ErrorType.STORAGE_CORRUPT,
          "_ml/" + key(seal) + " holds another recipe than its name says");
    } catch (FormException e) {
      throw new EngineException(
          ErrorType.STORAGE_CORRUPT, "_ml/" + key(seal) + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Writes the configuration below a directory as it lay then, each file under its absolute path.
   *
   * @return the pipeline file there
   */
  public static Path unfold(Recipe recipe, Path directory) {
    for (Map.Entry<String, String> file : recipe.config().entrySet()) {
      Path target = below(directory, file.getKey());
      try {
        Files.createDirectories(target.getParent());
        Files.writeString(target, file.getValue());
      } catch (IOException e) {
        throw new UncheckedIOException("writing " + target, e);
      }
    }
    return below(directory, recipe.pipelineFile());
  }

  private static Path below(Path directory, String absolute) {
    Path file = Path.of(absolute).normalize();
    Path root = file.getRoot();
    return directory.resolve(root == null ? file : root.relativize(file)).normalize();
  }

  private static String key(String seal) {
    return "config/" + seal + ".json";
  }
}
