package io.mlpipeline.delta;

import io.mlpipeline.port.GateStore;
import io.mlpipeline.port.ObjectStore;
import io.mlpipeline.testkit.GateStoreContract;
import io.mlpipeline.testkit.InMemoryObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class StoredGatesTest {

  @Nested
  class InMemory extends GateStoreContract {
    private final ObjectStore objects = new InMemoryObjectStore();

    @Override
    protected ObjectStore objects() {
      return objects;
    }

    @Override
    protected GateStore store() {
      return new StoredGates(objects);
    }
  }

  @Nested
  class Local extends GateStoreContract {
    @TempDir Path directory;

    @Override
    protected ObjectStore objects() {
      return ObjectStores.open(
          directory.toString(),
          () -> {
            throw new AssertionError("a local store needs no Hadoop");
          });
    }

    @Override
    protected GateStore store() {
      return new StoredGates(objects());
    }
  }
}
