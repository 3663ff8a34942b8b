package io.mlpipeline.testkit;

import io.mlpipeline.port.ObjectStore;

class InMemoryObjectStoreTest extends ObjectStoreContract {

  private final ObjectStore store = new InMemoryObjectStore();

  @Override
  protected ObjectStore store() {
    return store;
  }
}
