package io.mlpipeline.testkit;

import io.mlpipeline.json.ModelCardJson;
import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.Fold;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.RegistryEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Registered models in memory; passes the same contract as the stored ones. */
public final class FakeRegistry implements ModelRegistry {

  private final Map<String, List<RegistryEvent>> events = new TreeMap<>();
  private final Map<String, ModelState> states = new HashMap<>();
  private final Map<String, ModelCard> cards = new HashMap<>();

  @Override
  public synchronized List<String> models() {
    return List.copyOf(events.keySet());
  }

  @Override
  public synchronized ModelState state(String model) {
    return states.getOrDefault(model, ModelState.none(model));
  }

  @Override
  public synchronized List<RegistryEvent> events(String model) {
    return List.copyOf(events.getOrDefault(model, List.of()));
  }

  @Override
  public Optional<RegistryEvent> event(String model, long number) {
    return events(model).stream().filter(event -> event.number() == number).findFirst();
  }

  @Override
  public synchronized boolean append(RegistryEvent event) {
    ModelState before = state(event.model());
    if (event.number() <= before.last()) {
      return false;
    }
    states.put(event.model(), Fold.add(before, event, RegistryEventJson.seal(event)));
    events.computeIfAbsent(event.model(), model -> new ArrayList<>()).add(event);
    return true;
  }

  @Override
  public synchronized String put(ModelCard card) {
    String seal = ModelCardJson.seal(card);
    cards.put(card.model() + "/" + seal, card);
    return seal;
  }

  @Override
  public synchronized Optional<ModelCard> findCard(String model, String seal) {
    return Optional.ofNullable(cards.get(model + "/" + seal));
  }
}
