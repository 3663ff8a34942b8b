package io.mlpipeline.testkit;

import io.mlpipeline.port.ModelRegistry;

class FakeRegistryTest extends ModelRegistryContract {

  private final ModelRegistry registry = new FakeRegistry();

  @Override
  protected ModelRegistry registry() {
    return registry;
  }
}
