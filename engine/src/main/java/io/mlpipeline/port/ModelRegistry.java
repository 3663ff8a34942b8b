package io.mlpipeline.port;

import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.RegistryEvent;
import java.util.List;
import java.util.Optional;

/**
 * Registered models: their cards and their events, immutable objects that are put if absent. Safe
 * from any number of processes.
 */
public interface ModelRegistry {

  /** The names of all registered models, sorted. */
  List<String> models();

  /**
   * What a model's events fold to; {@link ModelState#none} if there are none.
   *
   * @throws io.mlpipeline.model.EngineException {@code STORAGE_CORRUPT} if an event was altered, or
   *     one is missing
   */
  ModelState state(String model);

  /** Every event of a model in order, whole. Throws as {@link #state} does. */
  List<RegistryEvent> events(String model);

  /** One event; empty if there is none of that number. */
  Optional<RegistryEvent> event(String model, long number);

  /**
   * Appends an event, if its number is still free.
   *
   * @return false if another event took the number: nothing was written
   */
  boolean append(RegistryEvent event);

  /** Keeps a card; the same one twice is one. Returns its seal, which names it. */
  String put(ModelCard card);

  /**
   * The card of a seal; empty if there is none.
   *
   * @throws io.mlpipeline.model.EngineException {@code STORAGE_CORRUPT} if it was altered
   */
  Optional<ModelCard> findCard(String model, String seal);
}
