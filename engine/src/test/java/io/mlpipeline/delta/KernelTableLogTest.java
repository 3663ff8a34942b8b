package io.mlpipeline.delta;

import static io.mlpipeline.delta.Tables.by;
import static io.mlpipeline.delta.Tables.field;
import static io.mlpipeline.delta.Tables.file;
import static io.mlpipeline.delta.Tables.schema;
import static io.mlpipeline.delta.Tables.staged;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.TableLog.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelTableLogTest {

  private static final String URI = "churn/features";

  @TempDir Path warehouse;
  private Path table;
  private KernelTableLog log;

  @BeforeEach
  void open() {
    table = warehouse.resolve(URI);
    log = Tables.log(warehouse);
  }

  static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      ErrorType type, ThrowingCallable call) {
    return Assertions.assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).as(e.getMessage()).isEqualTo(type));
  }

  private Snapshot newest() {
    return log.findNewest(URI).orElseThrow();
  }

  private List<String> paths() {
    return newest().files().stream().map(DataFile::path).sorted().toList();
  }

  /** A table with as many versions, each of one file {@code vN.parquet}. */
  private void versions(int count) {
    for (int v = 0; v < count; v++) {
      log.replace(staged(URI, file(table, "v" + v + ".parquet")), v - 1, by("attempt-" + v));
    }
  }

  private Path commitFile(long version) {
    return table.resolve("_delta_log").resolve(LogPaths.commit(version));
  }

  @Test
  void knowsNothingOfATableThatIsNotThere() throws IOException {
    assertThat(log.findHead(URI)).isEmpty();
    assertThat(log.find(URI, 0)).isEmpty();
    assertThat(log.findNewest(URI)).isEmpty();
    assertThat(log.findAttempt(URI, 0)).isEmpty();
    Files.createDirectories(table.resolve("_delta_log"));
    assertThat(log.findNewest(URI)).isEmpty();
  }

  @Test
  void makesATableThenReplacesItsContent() {
    DataFile first = file(table, "a.parquet");
    DataFile second = file(table, "b.parquet");
    assertThat(log.replace(staged(URI, first), -1, by("one"))).isZero();
    assertThat(log.replace(staged(URI, second), 0, by("two"))).isEqualTo(1);

    assertThat(log.findHead(URI)).hasValue(1);
    Snapshot now = newest();
    assertThat(now.files()).containsExactly(second);
    assertThat(now.uri()).isEqualTo("file:" + table);
    assertThat(now.schemaJson()).isEqualTo(Tables.SCHEMA);
    assertThat(now.viaSpark()).isFalse();
    Snapshot before = log.find(URI, 0).orElseThrow();
    assertThat(before.files()).containsExactly(first);
    assertThat(before.tableId()).isEqualTo(now.tableId());
    assertThat(log.find(URI, 2)).isEmpty();
    assertThat(log.findAttempt(URI, 0)).contains("one");
    assertThat(log.findAttempt(URI, 1)).contains("two");
    assertThat(log.findHead("file://" + table)).hasValue(1);
    assertThat(log.find(table.toString(), 0)).contains(before);
  }

  @Test
  void keepsOddPathsAndPartitionValuesAsTheyAre() {
    Map<String, String> values =
        Map.of(
            "p=a%20b%2Fc/1.parquet",
            "a b/c",
            "p=100%25/2.parquet",
            "100%",
            "p=\u00fc\u4e16 ~'&+,;=/3.parquet",
            "\u00fc\u4e16 ~'&+,;=",
            "p=__HIVE_DEFAULT_PARTITION__/4.parquet",
            "",
            "p=a:b#?[]/5.parquet",
            "a:b#?[]");
    DataFile[] files =
        values.entrySet().stream()
            .map(e -> file(table, e.getKey(), new TreeMap<>(Map.of("p", e.getValue())), 1))
            .toArray(DataFile[]::new);
    String schema = schema(field("id", "long"), field("p", "string"));
    log.replace(staged(URI, schema, List.of("p"), files), -1, by("one"));
    assertThat(newest().files()).containsExactlyInAnyOrder(files);
    assertThat(newest().partitionBy()).containsExactly("p");
    assertThat(log.allPresent(URI, newest().files())).isTrue();
    log.replace(staged(URI, schema, List.of("p"), files[0]), 0, by("two"));
    assertThat(newest().files()).as("removes find what was added").containsExactly(files[0]);
    log.replace(staged(URI, schema, List.of("p"), files[1]), 1, by("three"));
    assertThat(newest().files()).containsExactly(files[1]);
  }

  @Test
  void fileThatIsLiveAndStagedStaysAndOnlyTheOthersAreInTheCommit() throws IOException {
    DataFile stays = file(table, "stays.parquet");
    log.replace(staged(URI, stays, file(table, "goes.parquet")), -1, by("one"));
    log.replace(staged(URI, stays, file(table, "comes.parquet")), 0, by("two"));
    assertThat(paths()).containsExactly("comes.parquet", "stays.parquet");
    assertThat(Files.readString(commitFile(1)))
        .contains("goes.parquet", "comes.parquet")
        .doesNotContain("stays.parquet");
  }

  @Test
  void leavesOutFilesWithNoRowsAndTakesATableWithNoFiles() {
    DataFile empty = file(table, "empty.parquet", new TreeMap<>(), 0);
    log.replace(staged(URI, empty, file(table, "a.parquet")), -1, by("one"));
    assertThat(paths()).containsExactly("a.parquet");
    log.replace(staged(URI), 0, by("two"));
    assertThat(newest().files()).isEmpty();
    assertThat(newest().lastDataChange()).isEqualTo(1);
  }

  @Test
  void refusesToCommitOnAHeadThatMoved() {
    versions(2);
    assertFails(ErrorType.PUBLISH_CONFLICT, () -> log.replace(staged(URI), -1, by("late")))
        .hasMessageContaining("is at version 1")
        .hasMessageContaining("there was none");
    assertFails(ErrorType.PUBLISH_CONFLICT, () -> log.replace(staged(URI), 0, by("late")));
    assertFails(ErrorType.PUBLISH_CONFLICT, () -> log.replace(staged(URI), 7, by("late")));
    assertFails(ErrorType.PUBLISH_CONFLICT, () -> log.replace(staged("churn/x"), 7, by("late")))
        .hasMessageContaining("not there any more");
    assertThat(log.findHead(URI)).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "0, 1", "1, 1", "2, 1"})
  void findsItsOwnVersionWhenAnAttemptIsRepeated(long base, int attempt) {
    versions(3);
    assertThat(log.replace(staged(URI), base, by("attempt-" + attempt))).isEqualTo(attempt);
    assertThat(log.findHead(URI)).hasValue(2);
    assertThat(paths()).containsExactly("v2.parquet");
  }

  @Test
  void commitsNothingIfAStagedFileWentAwayOrChanged() throws IOException {
    versions(1);
    DataFile gone = file(table, "gone.parquet");
    DataFile longer = file(table, "longer.parquet");
    Files.delete(table.resolve("gone.parquet"));
    Files.writeString(table.resolve("longer.parquet"), "more bytes than when it was staged");
    assertFails(ErrorType.INPUT_GONE, () -> log.replace(staged(URI, gone), 0, by("a")))
        .hasMessageContaining("gone.parquet is gone");
    assertFails(ErrorType.INPUT_GONE, () -> log.replace(staged(URI, longer), 0, by("b")))
        .hasMessageContaining("longer.parquet has 34 bytes instead of 18");
    assertFails(ErrorType.INPUT_GONE, () -> log.replace(staged("n", gone), -1, by("c")));
    assertThat(log.findHead(URI)).hasValue(0);
    assertThat(log.findHead("n")).isEmpty();
    assertThat(log.allPresent(URI, List.of(gone))).isFalse();
  }

  @Test
  void changesSchemaAndPartitioningUnderTheSameTableId() {
    versions(1);
    Snapshot before = newest();
    String wider = schema(field("id", "long"), field("day", "date"), field("x", "timestamp_ntz"));
    log.replace(staged(URI, wider, List.of(), file(table, "w.parquet")), 0, by("w"));
    assertThat(newest().schemaJson()).isEqualTo(wider);
    DataFile part = file(table, "day=2024-06-01/p.parquet", day(), 2);
    log.replace(staged(URI, wider, List.of("day"), part), 1, by("p"));
    assertThat(newest().partitionBy()).containsExactly("day");
    assertThat(newest().files()).containsExactly(part);
    log.replace(staged(URI, file(table, "n.parquet")), 2, by("n"));
    assertThat(newest().schemaJson()).as("a dropped column").isEqualTo(Tables.SCHEMA);
    assertThat(newest().tableId()).isEqualTo(before.tableId());
    assertThat(log.find(URI, 2).orElseThrow().partitionBy()).containsExactly("day");
    assertThat(log.find(URI, 0)).contains(before);
  }

  private static TreeMap<String, String> day() {
    return new TreeMap<>(Map.of("day", "2024-06-01"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"udt\",\"class\":\"org.apache.spark.ml.linalg.VectorUDT\",\"sqlType\":{}}",
        "\"interval day to second\"",
        "\"interval year to month\"",
        "\"void\"",
        "\"nonsense\""
      })
  void refusesColumnsThatADeltaTableCannotHold(String type) {
    String odd = "{\"name\":\"odd\",\"type\":" + type + ",\"nullable\":true,\"metadata\":{}}";
    for (long base : new long[] {-1, 0}) {
      assertFails(
              ErrorType.CONTRACT_BROKEN,
              () -> log.replace(staged(URI, schema(odd), List.of()), base, by("odd")))
          .hasMessageContaining(type.contains("nonsense") ? "nonsense" : "'odd'");
      if (base < 0) {
        versions(1);
      }
    }
    assertThat(log.findHead(URI)).hasValue(0);
  }

  @Test
  void restoresAnOlderVersionWithoutWritingFiles() {
    versions(2);
    String wider = schema(field("id", "long"), field("x", "string"));
    log.replace(staged(URI, wider, List.of(), file(table, "w.parquet")), 1, by("w"));
    assertThat(log.restore(URI, 0, by("back"))).isEqualTo(3);
    Snapshot first = log.find(URI, 0).orElseThrow();
    assertThat(newest().files()).isEqualTo(first.files());
    assertThat(newest().schemaJson()).isEqualTo(first.schemaJson());
    assertThat(newest().lastDataChange()).isEqualTo(3);
    assertThat(log.restore(URI, 0, by("back"))).as("the same attempt again").isEqualTo(3);
    assertThat(log.restore(URI, 3, by("nothing"))).as("nothing to do").isEqualTo(3);
    assertThat(log.restore(URI, 1, by("forth"))).isEqualTo(4);
    assertThat(log.restore(URI, 0, by("back"))).as("and once more").isEqualTo(3);
    assertThat(paths()).containsExactly("v1.parquet");
  }

  @Test
  void refusesToRestoreWhatIsGone() throws IOException {
    versions(2);
    Files.delete(table.resolve("v0.parquet"));
    assertFails(ErrorType.INPUT_GONE, () -> log.restore(URI, 0, by("a")))
        .hasMessageContaining("v0.parquet is gone");
    assertFails(ErrorType.INPUT_GONE, () -> log.restore(URI, 9, by("b")));
    assertFails(ErrorType.INPUT_GONE, () -> log.restore("churn/none", 0, by("c")));
    assertThat(log.findHead(URI)).hasValue(1);
  }

  @Test
  void readsThroughItsOwnCheckpoints() {
    versions(25);
    assertThat(table.resolve("_delta_log/00000000000000000020.checkpoint.parquet")).exists();
    assertThat(paths()).containsExactly("v24.parquet");
    for (long v : new long[] {0, 9, 10, 11, 19, 20, 21}) {
      assertThat(log.find(URI, v).orElseThrow().files())
          .extracting(DataFile::path)
          .containsExactly("v" + v + ".parquet");
    }
    DataFile file = log.find(URI, 20).orElseThrow().files().get(0);
    assertThat(file.stats()).isEqualTo("{\"numRecords\":3}");
    assertThat(log.replace(staged(URI), 24, by("attempt-3")))
        .as("seen in a checkpoint")
        .isEqualTo(3);
  }

  @Test
  void takesNoRearrangementOfFilesForAChangeOfData() throws IOException {
    versions(2);
    String optimize =
        """
        {"commitInfo":{"timestamp":1,"operation":"OPTIMIZE","inCommitTimestamp":9999999999999}}
        {"remove":{"path":"v1.parquet","deletionTimestamp":1,"dataChange":false,"size":18}}
        {"add":{"path":"o.parquet","partitionValues":{},"size":9,"modificationTime":1,"dataChange":false}}
        """;
    Files.writeString(commitFile(2), optimize);
    assertThat(newest().version()).isEqualTo(2);
    assertThat(newest().lastDataChange()).isEqualTo(1);
    assertThat(paths()).containsExactly("o.parquet");
    assertThat(newest().files().get(0).rows()).as("no statistics").isEqualTo(-1);
    assertThat(log.findAttempt(URI, 2)).isEmpty();

    String metadata =
        Files.readAllLines(commitFile(0)).stream()
            .filter(line -> line.startsWith("{\"metaData\""))
            .findFirst()
            .orElseThrow();
    Files.writeString(commitFile(3), metadata.replace("3650 days", "90 days"));
    assertThat(newest().lastDataChange()).as("properties are no data").isEqualTo(1);
    Files.writeString(commitFile(4), metadata.replace("\\\"long\\\"", "\\\"string\\\""));
    assertThat(newest().lastDataChange()).as("a type is").isEqualTo(4);
  }

  @Test
  void namesTheFileThatIsDamaged() throws IOException {
    versions(4);
    String whole = Files.readString(commitFile(2));
    Files.writeString(commitFile(2), whole.substring(0, whole.length() - 30));
    assertFails(ErrorType.STORAGE_CORRUPT, this::newest)
        .hasMessageContaining(LogPaths.commit(2))
        .hasMessageContaining("file:" + table);
    assertFails(ErrorType.STORAGE_CORRUPT, () -> log.replace(staged(URI), 3, by("x")))
        .hasMessageContaining(LogPaths.commit(2));
    assertThat(log.find(URI, 1)).as("older ones are not").isPresent();
    Files.delete(commitFile(2));
    assertFails(ErrorType.STORAGE_CORRUPT, this::newest)
        .hasMessageContaining(LogPaths.commit(2) + " is missing");
    assertThat(log.find(URI, 2)).isEmpty();
  }

  @Test
  void survivesEverythingButTheLossOfItsOnlyCheckpoint() throws IOException {
    versions(12);
    Path logDirectory = table.resolve("_delta_log");
    Files.writeString(logDirectory.resolve("_last_checkpoint"), "{\"version\":");
    assertThat(paths()).as("a torn hint").containsExactly("v11.parquet");
    for (int v = 0; v < 10; v++) {
      Files.delete(commitFile(v));
      Files.deleteIfExists(logDirectory.resolve("%020d.crc".formatted(v)));
    }
    assertThat(paths()).as("an old end cut off").containsExactly("v11.parquet");
    assertThat(log.find(URI, 5)).isEmpty();
    assertThat(log.find(URI, 10)).isPresent();
    Files.writeString(logDirectory.resolve("00000000000000000010.checkpoint.parquet"), "PAR1x");
    assertFails(ErrorType.STORAGE_CORRUPT, this::newest).hasMessageContaining("version 10");
    Files.delete(logDirectory.resolve("00000000000000000010.checkpoint.parquet"));
    assertFails(ErrorType.STORAGE_CORRUPT, this::newest).hasMessageContaining("checkpoint");
    assertThat(log.find(URI, 11)).isEmpty();
  }

  @Test
  void leavesTablesToSparkThatAskForMoreThanKernelKnows() throws IOException {
    versions(1);
    Files.writeString(
        commitFile(1),
        """
        {"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["fromTheFuture"],"writerFeatures":["fromTheFuture"]}}
        """);
    Snapshot seen = newest();
    assertThat(seen.viaSpark()).isTrue();
    assertThat(seen.files()).isEmpty();
    assertThat(seen.schemaJson()).isEqualTo(Tables.SCHEMA);
    assertThat(seen.lastDataChange()).isZero();
    assertThat(seen.tableId()).isEqualTo(log.find(URI, 0).orElseThrow().tableId());
    assertFails(ErrorType.ENVIRONMENT_INVALID, () -> log.replace(staged(URI), 1, by("x")))
        .hasMessageContaining("fromTheFuture");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../other", "a/../b", "a//b", "", ".", "a/./b", "a/", "file://host/a"})
  void refusesLocationsThatAreNotBelowTheWarehouse(String uri) {
    assertFails(ErrorType.CONFIG_INVALID, () -> log.findHead(uri));
    assertFails(ErrorType.CONFIG_INVALID, () -> log.findNewest(uri));
  }

  @Test
  void keepsTablesInDirectoriesWithOddNames() {
    Path odd = warehouse.resolve("my data %41 #1 \u00fc");
    KernelTableLog there = Tables.log(odd);
    DataFile file = file(odd.resolve("t"), "a b.parquet");
    assertThat(there.replace(staged("t", file), -1, by("a"))).isZero();
    assertThat(there.findNewest("t").orElseThrow().files()).containsExactly(file);
    assertThat(there.findHead("t")).hasValue(0);
    assertThat(there.allPresent("t", List.of(file))).isTrue();
  }
}
