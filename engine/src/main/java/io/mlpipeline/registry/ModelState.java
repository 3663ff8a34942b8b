package io.mlpipeline.registry;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a model's events fold to. Kept beside them only to be found quickly: from the events alone
 * it is always the same.
 *
 * @param model the registered model's name
 * @param last the number of the last event in it; 0 if there is none
 * @param seal that event's seal; empty if there is none
 * @param versions every version, in the order of registration
 */
public record ModelState(String model, long last, String seal, List<VersionState> versions) {

  public ModelState {
    versions = versions instanceof VersionList ? versions : List.copyOf(versions);
  }

  /** A model of which nothing is known. */
  public static ModelState none(String model) {
    return new ModelState(model, 0, "", List.of());
  }

  /** The version of this number. */
  public Optional<VersionState> find(SemanticVersion version) {
    return versions.stream().filter(v -> v.version().equals(version)).findFirst();
  }

  /** The version of this content whose files are there: made again, it is another version. */
  public Optional<VersionState> findDigest(String digest) {
    return versions.stream().filter(v -> v.digest().equals(digest) && !v.isRemoved()).findFirst();
  }

  /** The versions at a stage, that which came there last first. */
  public List<VersionState> at(PromotionStage stage) {
    return versions.stream()
        .filter(v -> v.stage() == stage)
        .sorted(Comparator.comparingLong(VersionState::moved).reversed())
        .toList();
  }

  /** The version in production. */
  public Optional<VersionState> champion() {
    return at(PromotionStage.PRODUCTION).stream().findFirst();
  }

  /** The version that was registered last. */
  public Optional<VersionState> newest() {
    return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(versions.size() - 1));
  }
}
