package io.mlpipeline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.ObjectStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every object store must do; one subclass an implementation. */
public abstract class ObjectStoreContract {

  /** The store under test, empty when the test starts; the same one throughout a test. */
  protected abstract ObjectStore store();

  /** Whether an object that is replaced is there at every moment. */
  protected boolean replacesWithoutGap() {
    return true;
  }

  @Test
  void findsWhatWasPutAndNothingElse() {
    byte[] binary = {0, -1, 13, 10, 127};
    assertThat(store().find("a/b.json")).isEmpty();
    assertThat(store().putIfAbsent("a/b.json", binary)).isTrue();
    assertThat(store().putIfAbsent("a/empty", new byte[0])).isTrue();
    assertThat(store().find("a/b.json")).contains(binary);
    assertThat(store().find("a/empty")).contains(new byte[0]);
    assertThat(store().find("a")).isEmpty();
    assertThat(store().find("b.json")).isEmpty();
  }

  @Test
  void keepsTheFirstObjectUnderAKey() {
    assertThat(store().putIfAbsent("k", bytes("first"))).isTrue();
    assertThat(store().putIfAbsent("k", bytes("second"))).isFalse();
    assertThat(store().putIfAbsent("k", bytes("first"))).isFalse();
    assertThat(store().find("k")).contains(bytes("first"));
  }

  @Test
  void replacesWhatIsThereAndWhatIsNot() {
    store().replace("last/churn.json", bytes("1"));
    store().replace("last/churn.json", bytes("22"));
    assertThat(store().find("last/churn.json")).contains(bytes("22"));
    assertThat(store().list("last/")).containsExactly("last/churn.json");
  }

  @Test
  void listsKeysBelowAPrefixInOrder() {
    for (String key : List.of("r/b/2", "r/b/10", "r/a=x/1", "rr/1", "r-1", "top")) {
      store().putIfAbsent(key, bytes(key));
    }
    assertThat(store().list("r/")).containsExactly("r/a=x/1", "r/b/10", "r/b/2");
    assertThat(store().list("r/b/")).containsExactly("r/b/10", "r/b/2");
    assertThat(store().list("")).hasSize(6).isSorted();
    assertThat(store().list("nothing/here/")).isEmpty();
  }

  @Test
  void forgetsWhatWasDeleted() {
    store().putIfAbsent("d/1", bytes("x"));
    store().delete("d/1");
    store().delete("d/1");
    store().delete("never/was");
    assertThat(store().find("d/1")).isEmpty();
    assertThat(store().list("d/")).isEmpty();
    assertThat(store().putIfAbsent("d/1", bytes("y"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "../x",
        "a/../b",
        "a/./b",
        "a//b",
        "a/",
        "..",
        ".",
        "a\\b",
        "a b",
        "a%2e%2e",
        "a#b",
        "a?b",
        "file:x",
        "a\u0000b",
        "a\nb",
        "\u202ea",
        "caf\u00e9",
        "a~b",
        "~1",
        "x;y",
        "*",
        "//proc/self/root"
      })
  void refusesKeysThatCouldLeaveTheRootOrMeanSomethingElse(String key) {
    for (Callable<?> call :
        List.<Callable<?>>of(
            () -> store().putIfAbsent(key, bytes("x")),
            () -> store().find(key),
            () -> {
              store().replace(key, bytes("x"));
              return null;
            },
            () -> {
              store().delete(key);
              return null;
            })) {
      assertThatThrownBy(call::call)
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.CONFIG_INVALID));
    }
    assertThat(store().list("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "/", "../", "a//", "./"})
  void refusesPrefixesThatAreNone(String prefix) {
    assertThatThrownBy(() -> store().list(prefix)).isInstanceOf(EngineException.class);
  }

  @Test
  void tellsExactlyOneOfManyWritersThatItWon() throws Exception {
    int writers = 6;
    int keys = 40;
    CyclicBarrier barrier = new CyclicBarrier(writers);
    List<Callable<List<Integer>>> tasks = new ArrayList<>();
    for (int w = 0; w < writers; w++) {
      byte[] mine = filled((byte) w, 3000);
      tasks.add(
          () -> {
            List<Integer> won = new ArrayList<>();
            for (int k = 0; k < keys; k++) {
              barrier.await();
              if (store().putIfAbsent("race/" + k, mine)) {
                won.add(k);
              }
            }
            return won;
          });
    }
    int[] winners = new int[keys];
    int writer = 0;
    for (List<Integer> won : inParallel(tasks)) {
      for (int k : won) {
        winners[k]++;
        assertThat(store().find("race/" + k)).contains(filled((byte) writer, 3000));
      }
      writer++;
    }
    assertThat(winners).containsOnly(1);
    assertThat(store().list("")).hasSize(keys);
  }

  @Test
  void showsReadersTheOldOrTheNewObjectAndNeverAMixture() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    store().replace("hint", filled((byte) 0, 200_000));
    Callable<String> writer =
        () -> {
          for (int i = 1; i <= 60; i++) {
            store().replace("hint", filled((byte) i, 200_000 - i * 1000));
          }
          done.set(true);
          return "";
        };
    Callable<String> reader =
        () -> {
          while (!done.get()) {
            byte[] seen = store().find("hint").orElse(null);
            if (seen == null && replacesWithoutGap()) {
              return "it was not there";
            }
            if (seen != null && !Arrays.equals(seen, filled(seen[0], 200_000 - seen[0] * 1000))) {
              return "a mixture of " + seen.length + " bytes";
            }
          }
          return "";
        };
    assertThat(inParallel(List.of(writer, reader, reader))).containsOnly("");
    assertThat(store().list("")).containsExactly("hint");
  }

  private static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(tasks.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : pool.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private static byte[] filled(byte value, int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, value);
    return bytes;
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
