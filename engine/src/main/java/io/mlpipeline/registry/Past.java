package io.mlpipeline.registry;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** What was true of a model at an earlier time. */
public final class Past {

  private Past() {}

  /** The number of the event that brought a version to production last; empty if none did. */
  public static OptionalLong production(List<RegistryEvent> events, SemanticVersion version) {
    return events.stream()
        .filter(event -> event.version().equals(version))
        .filter(event -> event.to() == PromotionStage.PRODUCTION)
        .mapToLong(RegistryEvent::number)
        .max();
  }

  /**
   * The state at a moment: what the events fold to that come before the first later one. Their
   * order is that of their numbers, whatever the clocks of those who wrote them said.
   *
   * @param events every event of the model, in order
   */
  public static ModelState at(String model, List<RegistryEvent> events, Instant moment) {
    Fold fold = Fold.from(ModelState.none(model));
    for (int i = 0; i < events.size() && !events.get(i).at().isAfter(moment); i++) {
      // The next event names this one's seal. Of the last one nobody does, and nobody asks.
      String seal = i + 1 < events.size() ? events.get(i + 1).previous() : "";
      fold.next(events.get(i), seal);
    }
    return fold.state();
  }
}
