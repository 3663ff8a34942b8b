package io.mlpipeline.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.json.ModelStateJson;
import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.ObjectStore;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.testkit.InMemoryObjectStore;
import io.mlpipeline.testkit.ModelHistory;
import io.mlpipeline.testkit.ModelRegistryContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry over each object store, and what it says when somebody else was at its objects. */
class StoredRegistryTest {

  private static final String STATE = "registry/churn/state.json";

  private static String key(long number) {
    return String.format("registry/churn/events/%012d.json", number);
  }

  @Nested
  class InMemory extends ModelRegistryContract {
    private final ObjectStore objects = new InMemoryObjectStore();

    @Override
    protected ModelRegistry registry() {
      return new StoredRegistry(objects);
    }
  }

  @Nested
  class OneInstance extends ModelRegistryContract {
    private final ModelRegistry registry = new StoredRegistry(new InMemoryObjectStore());

    @Override
    protected ModelRegistry registry() {
      return registry;
    }
  }

  @Nested
  class Local extends ModelRegistryContract {
    @TempDir Path directory;

    @Override
    protected ModelRegistry registry() {
      return new StoredRegistry(new LocalObjectStore(directory));
    }
  }

  @Nested
  class Hadoop extends ModelRegistryContract {
    private final ObjectStore objects =
        ObjectStores.open("mem://" + UUID.randomUUID() + "/wh", MemoryFileSystem::conf);

    @Override
    protected ModelRegistry registry() {
      return new StoredRegistry(objects);
    }
  }

  private final ObjectStore objects = new InMemoryObjectStore();

  /** A process that has seen nothing yet. */
  private ModelRegistry fresh() {
    return new StoredRegistry(objects);
  }

  private ModelHistory history() {
    return new ModelHistory(fresh(), "churn")
        .registered("1.0.0", "ann")
        .promoted("1.0.0", PromotionStage.STAGING, "ann")
        .promoted("1.0.0", PromotionStage.PRODUCTION, "bob")
        .registered("1.1.0", "ann");
  }

  private static void assertCorrupt(ThrowingCallable call, String... named) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              assertThat(e.type()).isEqualTo(ErrorType.STORAGE_CORRUPT);
              assertThat(e.getMessage()).contains("model churn", "altered by somebody else");
              for (String name : named) {
                assertThat(e.getMessage()).contains(name);
              }
            });
  }

  private void edit(String key, String from, String to) {
    String text = new String(objects.find(key).orElseThrow(), UTF_8);
    assertThat(text).contains(from);
    objects.replace(key, text.replace(from, to).getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anEventThatWasEditedIsNamedWithItsFileAndWhatToDo(long number) {
    history();
    edit(key(number), "2024-03-01T0", "2024-03-02T0");
    assertCorrupt(() -> fresh().events("churn"), "event " + number, key(number), "backup");
    assertCorrupt(() -> fresh().event("churn", number), key(number));
    objects.delete(STATE);
    assertCorrupt(() -> fresh().state("churn"), key(number));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anEventThatWasEditedAndSealedAgainBreaksTheChain(long number) {
    history();
    ModelState honest = fresh().state("churn");
    RegistryEvent event = fresh().event("churn", number).orElseThrow();
    objects.replace(key(number), RegistryEventJson.write(by(event, "mallory")));
    assertThat(fresh().event("churn", number).orElseThrow().by()).isEqualTo("mallory");
    assertCorrupt(() -> fresh().events("churn"), key(number));
    if (number < honest.last()) {
      assertThat(fresh().state("churn")).isEqualTo(honest);
      objects.delete(STATE);
    }
    assertCorrupt(() -> fresh().state("churn"), key(number));
    assertCorrupt(() -> new ModelHistory(fresh(), "churn").registered("2.0.0", "ann"));
  }

  private static RegistryEvent by(RegistryEvent e, String other) {
    return new RegistryEvent(
        e.model(),
        e.number(),
        e.kind(),
        e.version(),
        e.digest(),
        e.from(),
        e.to(),
        other,
        e.at(),
        e.reason(),
        e.run(),
        e.card(),
        e.evidence(),
        e.evidenceAt(),
        e.decided(),
        e.restored(),
        e.previous());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anEventThatWasRemovedIsMissedEvenIfItWasTheLast(long number) {
    history();
    objects.delete(key(number));
    assertCorrupt(() -> fresh().events("churn"), "event " + number, key(number), "missing");
    if (number < 4) {
      objects.delete(STATE);
    }
    assertCorrupt(() -> fresh().state("churn"), "event " + number, key(number), "missing");
  }

  @Test
  void aNumberThatWasRemovedBehindAStaleStateIsNotTakenForTheEnd() {
    history();
    byte[] early = ModelStateJson.write(stateAt(2));
    objects.replace(STATE, early);
    objects.delete(key(3));
    assertCorrupt(() -> fresh().state("churn"), "event 3", key(3), "missing");
    assertCorrupt(() -> new ModelHistory(fresh(), "churn").registered("2.0.0", "ann"));
    assertThat(objects.find(key(3))).isEmpty();
  }

  private ModelState stateAt(long number) {
    ObjectStore then = new InMemoryObjectStore();
    for (long n = 1; n <= number; n++) {
      then.putIfAbsent(key(n), objects.find(key(n)).orElseThrow());
    }
    return new StoredRegistry(then).state("churn");
  }

  @Test
  void eventsInAnotherOrderAreSeen() {
    history();
    byte[] second = objects.find(key(2)).orElseThrow();
    objects.replace(key(2), objects.find(key(3)).orElseThrow());
    objects.replace(key(3), second);
    assertCorrupt(() -> fresh().events("churn"), "event 2", "is event 3");
  }

  @Test
  void anEventOfAnotherModelIsSeen() {
    history();
    new ModelHistory(fresh(), "other").registered("1.0.0", "ann");
    objects.replace(key(1), objects.find(key(1).replace("churn", "other")).orElseThrow());
    assertCorrupt(() -> fresh().events("churn"), "is event 1 of model other");
  }

  @Test
  void anEventOfANewerEngineIsLeftAlone() {
    history();
    edit(key(2), "{\"format\":1", "{\"format\":9");
    assertThatThrownBy(() -> fresh().events("churn"))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.type()).isEqualTo(ErrorType.ENVIRONMENT_INVALID))
        .hasMessageContaining("newer engine")
        .hasMessageContaining(key(2));
  }

  @Test
  void whateverTheStoredStateIsTheEventsDecide() {
    history();
    ModelState honest = fresh().state("churn");
    new ModelHistory(fresh(), "other").registered("1.0.0", "ann");
    byte[] ofOther = objects.find("registry/other/state.json").orElseThrow();
    List<byte[]> hints = new ArrayList<>();
    hints.add("garbage".getBytes(UTF_8));
    hints.add(new byte[0]);
    hints.add(ofOther);
    hints.add(ModelStateJson.write(ModelState.none("churn")));
    hints.add(ModelStateJson.write(stateAt(1)));
    hints.add(ModelStateJson.write(stateAt(3)));
    String stored = new String(ModelStateJson.write(honest), UTF_8);
    hints.add(stored.replace(" production ", " archived ").getBytes(UTF_8));
    hints.add(stored.replace("\"format\":1", "\"format\":2").getBytes(UTF_8));
    for (byte[] hint : hints) {
      objects.replace(STATE, hint);
      assertThat(fresh().state("churn")).isEqualTo(honest);
      assertThat(objects.find(STATE)).contains(ModelStateJson.write(honest));
    }
    objects.delete(STATE);
    assertThat(fresh().state("churn")).isEqualTo(honest);
    assertThat(objects.find(STATE)).contains(ModelStateJson.write(honest));
  }

  @Test
  void aStateFromTheFutureIsRefusedBecauseEventsMayBeGone() {
    history();
    ModelState honest = fresh().state("churn");
    ModelState future = new ModelState("churn", 9, "a".repeat(64), honest.versions());
    objects.replace(STATE, ModelStateJson.write(future));
    assertCorrupt(() -> fresh().state("churn"), "event 9", STATE, "delete");
    objects.delete(STATE); // what the message says
    assertThat(fresh().state("churn")).isEqualTo(honest);
  }

  @Test
  void aStateThatCannotBeWrittenIsNoFailure() {
    history();
    objects.delete(STATE);
    MapObjectStore readOnly =
        new MapObjectStore() {
          @Override
          public void replace(String key, byte[] content) {
            throw new EngineException(ErrorType.ACCESS_DENIED, "not you");
          }
        };
    objects.list("").forEach(k -> readOnly.putIfAbsent(k, objects.find(k).orElseThrow()));
    assertThat(new StoredRegistry(readOnly).state("churn").last()).isEqualTo(4);
    assertThat(readOnly.find(STATE)).isEmpty();
  }

  @Test
  void aLargeStateIsNotWrittenAtEachEventAndYetNeverFarBehind() {
    ModelRegistry registry = fresh();
    ModelHistory history = new ModelHistory(registry, "churn");
    for (int i = 0; i < 300; i++) {
      history.registered("1." + i + ".0", "ann");
    }
    ModelState state = fresh().state("churn");
    assertThat(state.versions()).hasSize(300);
    long stored = last(objects.find(STATE).orElseThrow());
    assertThat(stored).isBetween(296L, 300L);
  }

  private static long last(byte[] state) {
    try {
      return ModelStateJson.read(state).last();
    } catch (io.mlpipeline.json.FormException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCardThatWasAlteredIsNamedAndPuttingItAgainHealsIt() {
    history();
    String seal = fresh().state("churn").newest().orElseThrow().card();
    String card = "registry/churn/cards/" + seal + ".json";
    edit(card, "\"abc\"", "\"abd\"");
    assertCorrupt(() -> fresh().findCard("churn", seal), card);
    assertThat(fresh().put(ModelHistory.card("churn", "1.1.0"))).isEqualTo(seal);
    assertThat(fresh().findCard("churn", seal)).contains(ModelHistory.card("churn", "1.1.0"));
    String other = fresh().state("churn").versions().get(0).card();
    objects.replace(card, objects.find(card.replace(seal, other)).orElseThrow());
    assertCorrupt(() -> fresh().findCard("churn", seal), card, "another card");
  }

  @Test
  void whatElseLiesThereIsNoEvent() {
    history();
    objects.putIfAbsent("registry/churn/events/notes.txt", "x".getBytes(UTF_8));
    objects.putIfAbsent("registry/README.md", "x".getBytes(UTF_8));
    assertThat(fresh().events("churn")).hasSize(4);
    assertThat(fresh().models()).containsExactly("churn");
  }

  @Test
  void eightProcessesThatPromoteAtOnceLoseNothingAndDoubleNothing(@TempDir Path directory)
      throws Exception {
    ModelRegistry registry = new StoredRegistry(new LocalObjectStore(directory));
    ModelHistory history = new ModelHistory(registry, "churn");
    for (int p = 0; p < PROCESSES; p++) {
      history.registered("1." + p + ".0", "ann");
    }
    List<ChildJvm> children = new ArrayList<>();
    for (int p = 0; p < PROCESSES; p++) {
      children.add(ChildJvm.start(Promoter.class, directory.toString(), String.valueOf(p)));
    }
    ChildJvm.release(children);
    List<Long> won = new ArrayList<>();
    for (ChildJvm child : children) {
      List<String> numbers = child.lines();
      assertThat(numbers).hasSize(ROUNDS);
      numbers.forEach(number -> won.add(Long.parseLong(number)));
    }
    ModelRegistry after = new StoredRegistry(new LocalObjectStore(directory));
    List<RegistryEvent> events = after.events("churn");
    assertThat(won).doesNotHaveDuplicates();
    assertThat(events).hasSize(PROCESSES + PROCESSES * ROUNDS);
    assertThat(events.stream().skip(PROCESSES).map(RegistryEvent::number))
        .containsExactlyInAnyOrderElementsOf(won);
    ModelState folded = after.state("churn");
    assertThat(folded.last()).isEqualTo(events.size());
    assertThat(folded.at(PromotionStage.PRODUCTION)).hasSize(1);
  }

  private static final int PROCESSES = 8;
  private static final int ROUNDS = 5;

  /** Brings its own version to production again and again, and says under which numbers. */
  static final class Promoter {
    public static void main(String[] args) throws IOException {
      ModelRegistry registry = new StoredRegistry(new LocalObjectStore(Path.of(args[0])));
      ModelHistory history = new ModelHistory(registry, "churn");
      String version = "1." + args[1] + ".0";
      ChildJvm.awaitRelease();
      for (int round = 0; round < ROUNDS; ) {
        RegistryEvent event =
            history.next(
                RegistryEvent.Kind.PROMOTED, version, PromotionStage.PRODUCTION, "p" + args[1]);
        if (registry.append(event)) {
          System.out.println(event.number());
          round++;
        }
      }
    }
  }
}
