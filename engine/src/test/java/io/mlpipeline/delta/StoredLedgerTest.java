package io.mlpipeline.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.json.FoldJson;
import io.mlpipeline.json.ReceiptJson;
import io.mlpipeline.json.Samples;
import io.mlpipeline.model.Derivation;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.LineageEvent.Kind;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.RunId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger over objects in memory and a real Delta table, or one that dies where it is told. */
class StoredLedgerTest {

  private static final Comparator<LineageEvent> ORDER =
      Comparator.comparing(LineageEvent::started).thenComparing(LineageEvent::id);

  @TempDir private Path directory;

  private final Samples samples = new Samples(7);
  private final MapObjectStore objects = new MapObjectStore();
  private final List<LineageEvent> written = new ArrayList<>();

  private LineageTable table() {
    return new LineageTable(directory.resolve("lineage").toString(), new HadoopSettings());
  }

  private StoredLedger ledger() {
    return new StoredLedger(objects, this::table);
  }

  private static String runId(int second) {
    return RunId.of(Instant.ofEpochSecond(1_717_200_000L + second * 40_000L), second).value();
  }

  private Receipt receipt(int second, int ordinal) {
    Receipt receipt = samples.receipt(runId(second), ordinal);
    written.addAll(receipt.events());
    return receipt;
  }

  private List<LineageEvent> expected() {
    return written.stream().sorted(ORDER).toList();
  }

  private void assertOnceEach(StoredLedger ledger) {
    assertThat(ledger.all()).isEqualTo(expected());
    assertThat(ledger.derivations()).isEqualTo(expected().stream().map(Derivation::of).toList());
  }

  @Test
  void readsTheSameBeforeAndAfterFolding() {
    StoredLedger ledger = ledger();
    assertThat(ledger.all()).isEmpty();
    assertThat(ledger.run(runId(0))).isEmpty();
    assertThat(ledger.record(receipt(0, 0))).isEqualTo("_ml/receipts/" + runId(0) + "/0000.json");
    for (int i = 1; i < 9; i++) {
      ledger.record(receipt(i, 0));
      ledger.record(receipt(i, 1));
      assertOnceEach(ledger);
      if (i % 3 == 0) {
        ledger.fold();
        assertThat(objects.list("receipts/")).isEmpty();
        assertOnceEach(ledger());
      }
    }
    for (int i = 0; i < 9; i++) {
      String run = runId(i);
      assertThat(ledger.run(run))
          .isEqualTo(expected().stream().filter(e -> e.runId().equals(run)).toList());
    }
    assertThat(ledger.run("r20990101-000000-000000")).isEmpty();
    assertThat(ledger.run("../x")).isEmpty();
  }

  @Test
  void newestRunsComeFirstFoldedOrNot() {
    StoredLedger ledger = ledger();
    List<LineageEvent> runs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String run = runId(i);
      Instant start = Instant.ofEpochSecond(1_717_200_000L + i * 40_000L);
      LineageEvent e = samples.event(run, 0, Kind.RUN, i % 3 == 0 ? "other" : "churn");
      LineageEvent at =
          new LineageEvent(
              e.id(),
              e.kind(),
              e.runId(),
              e.pipeline(),
              e.environment(),
              e.step(),
              e.attempt(),
              e.status(),
              e.reason(),
              e.fingerprint(),
              e.ingredients(),
              e.inputs(),
              e.outputs(),
              e.metrics(),
              e.gates(),
              e.failure(),
              e.facts(),
              start,
              start);
      runs.add(0, at);
      ledger.record(new Receipt(run, 0, List.of(samples.event(run, 1, Kind.ATTEMPT, "churn"), at)));
      if (i == 7) {
        ledger.fold();
      }
    }
    List<LineageEvent> churn = runs.stream().filter(e -> e.pipeline().equals("churn")).toList();
    assertThat(ledger.runs("", 100)).isEqualTo(runs);
    assertThat(ledger.runs("churn", 6)).isEqualTo(churn.subList(0, 6));
    assertThat(ledger.runs("churn", 2)).isEqualTo(churn.subList(0, 2));
    assertThat(ledger.runs("churn", 0)).isEmpty();
    assertThat(ledger.runs("absent", 5)).isEmpty();
  }

  @Test
  void theSameReceiptTwiceIsOneEvenAfterItWasFolded() {
    Receipt receipt = receipt(0, 0);
    for (int i = 0; i < 3; i++) {
      ledger().record(receipt);
      assertOnceEach(ledger());
      ledger().fold();
      assertThat(table().all()).hasSize(2);
      assertOnceEach(ledger());
    }
    ledger().record(receipt);
    Receipt other = new Receipt(receipt.run(), receipt.ordinal(), List.of());
    assertThatThrownBy(() -> ledger().record(other)).hasMessageContaining("another receipt");
  }

  @Test
  void recordingAsksForNoTable() {
    StoredLedger ledger =
        new StoredLedger(
            objects,
            () -> {
              throw new AssertionError("not asked for");
            });
    ledger.record(receipt(0, 0));
    assertThat(objects.objects).hasSize(1);
  }

  @Test
  void aDamagedReceiptStopsNobodyAndIsKept() {
    ledger().record(receipt(0, 0));
    objects.replace("receipts/r1/0000.json", new byte[] {'{'});
    objects.replace("receipts/r1/0001.json", "{\"format\":2}".getBytes(StandardCharsets.UTF_8));
    ledger().fold();
    assertThat(objects.list("receipts/"))
        .containsExactly("receipts/r1/0000.json", "receipts/r1/0001.json");
    assertOnceEach(ledger());
  }

  @Test
  void whatANewerEngineAnnouncedIsLeftToIt() {
    ledger().record(receipt(0, 0));
    String newer = "receipts/r9/0000.json";
    objects.replace(newer, "{\"format\":2}".getBytes(StandardCharsets.UTF_8));
    objects.replace("folds/000000000001.json", FoldJson.write(List.of(newer)));
    assertThatThrownBy(() -> ledger().fold()).hasMessageContaining("newer engine");
    assertThat(objects.list("receipts/")).hasSize(2);
    assertOnceEach(ledger());
  }

  @Test
  void everyEventIsThereOnceWhereverAFolderDies() throws Exception {
    for (int dies = 1; ; dies++) {
      objects.objects.clear();
      written.clear();
      Path root = Files.createDirectory(directory.resolve("crash" + dies));
      Supplier<LineageTable> table = () -> new LineageTable(root.toString(), new HadoopSettings());
      StoredLedger healthy = new StoredLedger(objects, table);
      IntStream.range(0, 3).forEach(i -> healthy.record(receipt(i, 0)));
      healthy.fold();
      IntStream.range(3, 6).forEach(i -> healthy.record(receipt(i, 0)));
      Fuse fuse = new Fuse(dies);
      StoredLedger dying = new StoredLedger(fuse.over(objects), () -> fuse.over(table.get()));
      boolean died = false;
      try {
        dying.fold();
      } catch (Killed e) {
        died = true;
      }
      assertThat(healthy.all()).as("after a death at call %s", dies).isEqualTo(expected());
      healthy.record(receipt(7, 0));
      new StoredLedger(objects, table).fold();
      assertThat(table.get().all().stream().sorted(ORDER).toList())
          .as("folded after a death at call %s", dies)
          .isEqualTo(expected());
      assertThat(objects.list("receipts/")).isEmpty();
      if (!died) {
        assertThat(dies).isGreaterThan(10);
        return;
      }
    }
  }

  @Test
  void foldersAndRecordersAtOnceLoseAndDoubleNothing() throws Exception {
    List<Receipt> receipts = IntStream.range(0, 60).mapToObj(i -> receipt(i % 5, i)).toList();
    Set<String> seen = new HashSet<>();
    ExecutorService pool = Executors.newFixedThreadPool(6);
    try {
      List<Callable<Object>> calls = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        List<Receipt> mine = receipts.subList(t * 20, t * 20 + 20);
        StoredLedger ledger = ledger();
        calls.add(Executors.callable(() -> mine.forEach(ledger::record)));
        calls.add(Executors.callable(() -> IntStream.range(0, 4).forEach(i -> ledger.fold())));
        calls.add(Executors.callable(() -> ledger.all().forEach(e -> e.id().length())));
      }
      for (Future<Object> done : pool.invokeAll(calls)) {
        done.get();
      }
    } finally {
      pool.shutdown();
    }
    assertOnceEach(ledger());
    ledger().fold();
    List<LineageEvent> folded = table().all();
    assertThat(folded).allMatch(e -> seen.add(e.id())).hasSize(120);
  }

  @Test
  void aBrokenTableSaysWhichAndLosesNoReceipt() throws Exception {
    ledger().record(receipt(0, 0));
    ledger().fold();
    Path log = directory.resolve("lineage/_delta_log");
    Files.writeString(log.resolve("00000000000000000001.json"), "{\"add\":");
    ledger().record(receipt(1, 0));
    assertThatThrownBy(() -> ledger().fold())
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(directory.resolve("lineage").toString());
    assertThat(objects.list("receipts/")).hasSize(1);
  }

  @Test
  void compactionMovesRowsAndChangesNoData() throws Exception {
    LineageTable table = table();
    for (int fold = 1; fold <= 52; fold++) {
      assertThat(table.append(fold, receipt(fold, 0).events())).isTrue();
      assertThat(table.append(fold, receipt(fold, 0).events())).isFalse();
      written.subList(written.size() - 2, written.size()).clear();
    }
    table.compact();
    Path log = directory.resolve("lineage/_delta_log");
    String compaction = Files.readString(log.resolve("00000000000000000053.json"));
    assertThat(compaction).contains("\"remove\":{").doesNotContain("\"dataChange\":true");
    assertThat(compaction.split("\"remove\":\\{", -1).length)
        .isGreaterThan(compaction.split("\"add\":\\{", -1).length);
    table.compact();
    assertThat(log.resolve("00000000000000000054.json")).doesNotExist();
    assertThat(table.lastFold()).isEqualTo(52);
    assertOnceEach(ledger());
    assertThat(ledger().run(runId(20))).hasSize(2);
  }

  @Test
  void aBatchLargerThanOneFoldIsFoldedWhole() {
    for (int i = 0; i < 1005; i++) {
      Receipt r = new Receipt("r1", i, List.of());
      objects.replace(
          String.format(java.util.Locale.ROOT, "receipts/r1/%04d.json", i), ReceiptJson.write(r));
    }
    ledger().record(receipt(1, 0));
    ledger().fold();
    assertThat(objects.list("receipts/")).isEmpty();
    assertThat(table().lastFold()).isEqualTo(2);
    assertOnceEach(ledger());
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Lets so many changes happen and dies right before the next, and after the last of them. */
  private static final class Fuse {

    private final AtomicInteger left;

    Fuse(int steps) {
      this.left = new AtomicInteger(steps);
    }

    private void burn() {
      if (left.decrementAndGet() <= 0) {
        throw new Killed();
      }
    }

    private <T> T change(Supplier<T> call) {
      burn();
      T result = call.get();
      burn();
      return result;
    }

    MapObjectStore over(MapObjectStore store) {
      return new MapObjectStore() {
        @Override
        public boolean putIfAbsent(String key, byte[] content) {
          return change(() -> store.putIfAbsent(key, content));
        }

        @Override
        public void replace(String key, byte[] content) {
          store.replace(key, content);
          burn();
        }

        @Override
        public java.util.Optional<byte[]> find(String key) {
          return store.find(key);
        }

        @Override
        public List<String> list(String prefix) {
          return store.list(prefix);
        }

        @Override
        public void delete(String key) {
          burn();
          store.delete(key);
          burn();
        }
      };
    }

    EventTable over(LineageTable table) {
      return new EventTable() {
        @Override
        public long lastFold() {
          return table.lastFold();
        }

        @Override
        public boolean append(long fold, List<LineageEvent> events) {
          return change(() -> table.append(fold, events));
        }

        @Override
        public List<LineageEvent> run(String runId) {
          return table.run(runId);
        }

        @Override
        public List<LineageEvent> runs(String pipeline, int limit) {
          return table.runs(pipeline, limit);
        }

        @Override
        public List<LineageEvent> all() {
          return table.all();
        }

        @Override
        public List<Derivation> derivations() {
          return table.derivations();
        }

        @Override
        public void compact() {
          burn();
          table.compact();
        }
      };
    }
  }
}
