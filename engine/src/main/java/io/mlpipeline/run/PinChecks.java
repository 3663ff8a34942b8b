package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.TablePin;
import io.mlpipeline.registry.VersionState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether everything that registered versions need is still there: their events and cards,
 * the files of the model, the table versions of the receipt. Changes nothing; for one thread.
 */
public final class PinChecks {

  private final ModelRegistry registry;
  private final TableLog tables;
  private final ModelStore models;

  /** Versions share tables; each is looked at once. */
  private final Map<String, Optional<String>> seen = new HashMap<>();

  public PinChecks(ModelRegistry registry, TableLog tables, ModelStore models) {
    this.registry = registry;
    this.tables = tables;
    this.models = models;
  }

  /** Which versions. */
  public enum Width {
    /** Those in staging and production. */
    IN_USE,
    /** All that were ever registered. */
    ALL
  }

  /** How closely. */
  public enum Depth {
    /** Files are there with their sizes. */
    SIZES,
    /** The files of models are the same byte by byte. */
    BYTES
  }

  /**
   * Something that is needed and lost.
   *
   * @param model the registered model
   * @param version the version that needs it; null if the model's whole history is damaged
   * @param stage where that version is; null with it
   * @param needs what: a table with its version, the model's directory, the card
   * @param problem what is wrong with it
   * @param meaning what cannot be done any more
   */
  public record Broken(
      String model,
      @Nullable SemanticVersion version,
      @Nullable PromotionStage stage,
      String needs,
      String problem,
      String meaning) {

    /** Whether something that is in staging or production is broken. */
    public boolean isInUse() {
      return stage == null || PinChecks.isInUse(stage);
    }
  }

  /**
   * What was found of one model.
   *
   * @param model the registered model
   * @param versions how many versions were looked at
   * @param broken what is lost; empty if nothing is
   */
  public record Checked(String model, int versions, List<Broken> broken) {

    public Checked {
      broken = List.copyOf(broken);
    }
  }

  /** Looks at one model. */
  public Checked check(String model, Width width, Depth depth) {
    ModelState state;
    try {
      registry.events(model); // reads every one, and sees what was altered
      state = registry.state(model);
    } catch (EngineException e) {
      return new Checked(model, 0, List.of(history(model, e)));
    }
    List<VersionState> wanted =
        state.versions().stream()
            .filter(version -> width == Width.ALL || isInUse(version.stage()))
            .filter(version -> !version.isRemoved()) // its history says so
            .toList();
    List<Broken> broken = new ArrayList<>();
    wanted.forEach(version -> broken.addAll(version(model, version, depth)));
    return new Checked(model, wanted.size(), broken);
  }

  private static boolean isInUse(PromotionStage stage) {
    return stage == PromotionStage.STAGING || stage == PromotionStage.PRODUCTION;
  }

  private static Broken history(String model, EngineException e) {
    requireCorrupt(e);
    return new Broken(
        model,
        null,
        null,
        "its history",
        String.valueOf(e.getMessage()),
        "nobody can say which version is in production");
  }

  /** A store that does not answer says nothing of what is in it. */
  private static void requireCorrupt(EngineException e) {
    if (e.type() != ErrorType.STORAGE_CORRUPT) {
      throw e;
    }
  }

  private List<Broken> version(String model, VersionState version, Depth depth) {
    Optional<ModelCard> card;
    try {
      card = registry.findCard(model, version.card());
    } catch (EngineException e) {
      requireCorrupt(e);
      return List.of(card(model, version, String.valueOf(e.getMessage())));
    }
    return card.map(known -> needs(known, version, depth))
        .orElseGet(() -> List.of(card(model, version, "it is gone from the registry")));
  }

  private static Broken card(String model, VersionState version, String problem) {
    return new Broken(
        model,
        version.version(),
        version.stage(),
        "its card",
        problem,
        "nobody can say how it was made: no rollback, no reproduction");
  }

  private List<Broken> needs(ModelCard card, VersionState version, Depth depth) {
    List<Broken> broken = new ArrayList<>();
    findModelProblem(card, depth)
        .ifPresent(
            problem ->
                broken.add(
                    broken(
                        card,
                        version,
                        card.uri(),
                        problem,
                        "cannot be loaded: no scoring, no rollback to it")));
    for (OutputVersion table : card.tables()) {
      once(name(table.uri(), table.version()), () -> findProblem(table))
          .ifPresent(
              problem ->
                  broken.add(
                      broken(
                          card,
                          version,
                          name(table.uri(), table.version()),
                          problem,
                          "no rollback with its tables, no reproduction")));
    }
    for (PinnedSource source : card.sources()) {
      if (source.kind() == InputKind.TABLE) {
        String name = name(source.uri(), source.version());
        once(name, () -> new TablePins(tables).findProblem(source.uri(), source.version()))
            .ifPresent(
                problem -> broken.add(broken(card, version, name, problem, "no reproduction")));
      }
    }
    return broken;
  }

  private static Broken broken(
      ModelCard card, VersionState version, String needs, String problem, String meaning) {
    return new Broken(card.model(), version.version(), version.stage(), needs, problem, meaning);
  }

  private static String name(String uri, long version) {
    return uri + "@v" + version;
  }

  private Optional<String> once(String name, Supplier<Optional<String>> look) {
    return seen.computeIfAbsent(name, key -> look.get());
  }

  private Optional<String> findProblem(OutputVersion table) {
    TablePin pin = new TablePins(tables).look(table);
    return Optional.ofNullable(pin.problem());
  }

  private Optional<String> findModelProblem(ModelCard card, Depth depth) {
    Optional<ModelManifest> manifest = models.find(card.pipeline(), card.artifact(), card.digest());
    if (manifest.isEmpty()) {
      return Optional.of("its manifest is gone or damaged");
    }
    List<ModelFile> missing = models.missing(manifest.get());
    if (!missing.isEmpty()) {
      return Optional.of(files(manifest.get(), missing, "gone"));
    }
    List<ModelFile> altered = depth == Depth.BYTES ? models.altered(manifest.get()) : List.of();
    return altered.isEmpty()
        ? Optional.empty()
        : Optional.of(files(manifest.get(), altered, "altered"));
  }

  private static String files(ModelManifest manifest, List<ModelFile> bad, String what) {
    return bad.size()
        + " of its "
        + manifest.files().size()
        + " files are "
        + what
        + ", such as "
        + bad.get(0).path();
  }
}
