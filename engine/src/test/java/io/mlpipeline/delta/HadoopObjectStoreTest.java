package io.mlpipeline.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.ObjectStore;
import io.mlpipeline.testkit.ObjectStoreContract;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;

class HadoopObjectStoreTest extends ObjectStoreContract {

  private final String name = UUID.randomUUID().toString();
  private final ObjectStore store =
      ObjectStores.open("mem://" + name + "/wh", MemoryFileSystem::conf);

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected boolean replacesWithoutGap() {
    return false;
  }

  @Test
  void findsOutThatItWonWhenTheAnswerGotLost() {
    MemoryFileSystem.store(name).afterRename = path -> new IOException("connection reset");
    assertThat(store.putIfAbsent("a/1", bytes("mine"))).isTrue();
    assertThat(store.putIfAbsent("a/1", bytes("mine"))).isFalse();
  }

  @Test
  void saysWhatKindOfErrorItWas() {
    MemoryFileSystem.Store files = MemoryFileSystem.store(name);
    files.beforeRename = path -> new IOException("connection reset");
    assertType(ErrorType.STORAGE_UNAVAILABLE);
    files.beforeRename = path -> new AccessControlException("user=x, access=WRITE");
    assertType(ErrorType.ACCESS_DENIED);
    files.beforeRename = path -> new IOException(new IOException("No space left on device"));
    assertType(ErrorType.DISK_FULL);
    assertThat(store.list("")).isEmpty();
    assertThat(files.files).isEmpty();
  }

  private void assertType(ErrorType type) {
    assertThatThrownBy(() -> store.putIfAbsent("a/1", bytes("x")))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.type()).isEqualTo(type));
  }
}
