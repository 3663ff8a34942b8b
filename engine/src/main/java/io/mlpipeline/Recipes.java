package io.mlpipeline;

import io.mlpipeline.json.FormException;
import io.mlpipeline.json.RecipeJson;
import io.mlpipeline.json.Sealed;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Recipe;
import io.mlpipeline.run.PlanResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps what runs are made from, each content once: {@code _ml/config/<seal>.json}. */
final class Recipes {

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
  static Optional<Recipe> find(Warehouse warehouse, String seal) {
    return warehouse.objects().find(key(seal)).map(document -> read(seal, document));
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
  static Path unfold(Recipe recipe, Path directory) {
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
