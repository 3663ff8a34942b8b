package io.mlpipeline.run;

import io.mlpipeline.port.Fence;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.RegistryEvent;
import java.util.List;
import java.util.Optional;

/** A registry to which only who holds the lease may add events. */
record FencedRegistry(ModelRegistry registry, Fence fence) implements ModelRegistry {

  @Override
  public List<String> models() {
    return registry.models();
  }

  @Override
  public ModelState state(String model) {
    return registry.state(model);
  }

  @Override
  public List<RegistryEvent> events(String model) {
    return registry.events(model);
  }

  @Override
  public Optional<RegistryEvent> event(String model, long number) {
    return registry.event(model, number);
  }

  @Override
  public boolean append(RegistryEvent event) {
    fence.check();
    return registry.append(event);
  }

  @Override
  public String put(ModelCard card) {
    return registry.put(card);
  }

  @Override
  public Optional<ModelCard> findCard(String model, String seal) {
    return registry.findCard(model, seal);
  }
}
