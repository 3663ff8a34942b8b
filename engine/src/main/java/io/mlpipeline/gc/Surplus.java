package io.mlpipeline.gc;

import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.VersionState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Says in a model's history that the files of a version are removed. The history itself stays. */
final class Surplus {

  /** Others may write to the model at the same time; somebody wins every round. */
  private static final int MOST_ROUNDS = 100;

  private final ModelRegistry registry;

  Surplus(ModelRegistry registry) {
    this.registry = registry;
  }

  /** Does nothing if somebody took the version into use meanwhile. */
  void remove(GcPlan.Registered surplus, Instant at, String by) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      ModelState state = registry.state(surplus.model());
      Optional<VersionState> version =
          state
              .find(surplus.version().version())
              .filter(now -> now.moved() == surplus.version().moved() && now.removed() == 0);
      if (version.isEmpty() || registry.append(event(state, version.get(), at, by))) {
        return;
      }
    }
  }

  private static RegistryEvent event(
      ModelState state, VersionState version, Instant at, String by) {
    PromotionStage stage = version.stage();
    return new RegistryEvent(
        state.model(),
        state.last() + 1,
        RegistryEvent.Kind.REMOVED,
        version.version(),
        version.digest(),
        null,
        null,
        by,
        at,
        "gc: " + stage.word() + " and beyond those that are kept",
        null,
        null,
        null,
        0,
        List.of(),
        null,
        state.seal());
  }
}
