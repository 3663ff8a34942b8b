package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.testkit.ModelHistory;
import io.mlpipeline.testkit.ModelSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is removed and, above all, what is not, over Delta tables as they are. */
class GcTest {

  private static final String RUN = "r20240101-000000-abcdef";
  private static final String FEATURES = "churn/features/";

  @TempDir Path directory;
  private Warehouse warehouse;
  private ModelSets sets;

  /** The table has two versions: the old file is only in the first one. */
  @BeforeEach
  void publishTwoVersions() throws IOException {
    warehouse = Warehouse.open("warehouse", directory);
    sets = new ModelSets(warehouse.registry(), warehouse.tables(), warehouse.models());
    publish("one");
    publish("two");
  }

  private void publish(String content) throws IOException {
    DataFile file = old(FEATURES + part(content));
    sets.publish("churn/features", content, List.of(file));
  }

  private static String part(String step) {
    return "part-" + RUN + "-" + step + "-1-00000-0.snappy.parquet";
  }

  /** A file that was written a hundred days ago. */
  private DataFile old(String path) throws IOException {
    Path file = directory.resolve("warehouse").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "not really Parquet");
    Instant then = Instant.now().minus(Duration.ofDays(100));
    Files.setLastModifiedTime(file, FileTime.from(then));
    String name = path.startsWith(FEATURES) ? path.substring(FEATURES.length()) : path;
    return new DataFile(name, new TreeMap<>(), Files.size(file), then.toEpochMilli(), 1, null);
  }

  private boolean isThere(String path) {
    return Files.exists(directory.resolve("warehouse").resolve(path));
  }

  private Ran gc(String... args) {
    List<String> all = new java.util.ArrayList<>(List.of("gc", "--warehouse", "warehouse"));
    all.addAll(List.of(args));
    Ran ran = Ran.in(directory, all.toArray(new String[0]));
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran;
  }

  @Test
  void keepsWhatAnyVersionNamesAndRemovesWhatNoneDoes() throws IOException {
    old(FEATURES + part("lost"));
    old("churn/never/day=1/" + part("first"));
    Ran list = gc();
    assertThat(list.out()).contains("staged", part("lost"), part("first"));
    assertThat(list.out()).doesNotContain(part("one")).doesNotContain(part("two"));
    assertThat(list.err()).contains("2 files, 36 B; --yes removes them");
    assertThat(isThere(FEATURES + part("lost"))).isTrue();
    assertThat(gc("--yes", "--dry-run").err()).contains("2 files");
    assertThat(gc("--yes").err()).contains("removed 2 files");
    assertThat(isThere(FEATURES + part("lost"))).isFalse();
    assertThat(isThere("churn/never/day=1/" + part("first"))).isFalse();
    assertThat(isThere(FEATURES + part("one"))).isTrue();
    assertThat(gc("--yes").err()).contains("removed 0 files");
  }

  @Test
  void keepsWhatIsYoungAndWhatIsNotOurs() throws IOException {
    old(FEATURES + "part-00000-foreign.parquet");
    Path young = directory.resolve("warehouse").resolve(FEATURES + part("young"));
    Files.writeString(young, "staged just now");
    assertThat(gc("--yes", "--older-than", "1d").out()).isEmpty();
    assertThat(young).exists();
    Ran hour = Ran.in(directory, "gc", "--older-than", "1h", "--warehouse", "warehouse");
    assertThat(hour.code()).isEqualTo(2);
    assertThat(hour.err()).contains("a run that goes on", "1d or more");
  }

  @Test
  void keepsWhatAGateRejectedAndSomebodyMayPublishYet() throws IOException {
    DataFile kept = old(FEATURES + part("rejected"));
    StagedTable table =
        new StagedTable("rows", "features", "churn/features", "a", "{}", List.of(), List.of(kept));
    warehouse
        .reuse()
        .add(
            new ReuseEntry(
                "churn",
                "features",
                new Fingerprint("ab", List.of()),
                "",
                Verdict.REJECT,
                RUN,
                RUN + "-features-1",
                Instant.now(),
                List.of(),
                new TreeMap<>(),
                List.of(table),
                List.of(),
                List.of()));
    assertThat(gc("--yes").out()).isEmpty();
    assertThat(isThere(FEATURES + part("rejected"))).isTrue();
  }

  @Test
  void keepsModelsWithAManifestAndRemovesThoseWithoutAndWhatRunsKeptAside() throws IOException {
    String good = "_ml/models/churn/lr/" + RUN + "-train-1";
    String bad = "_ml/models/churn/lr/" + RUN + "-train-2";
    old(good + "/metadata/part-00000");
    old(bad + "/metadata/part-00000");
    old("_ml/runs/" + RUN + "/features/aside/rows/part-1.json");
    warehouse
        .models()
        .publish(
            new ModelManifest(
                "churn", "lr", ModelHistory.digest("1.0.0"), good, RUN, "a", List.of()));
    assertThat(gc("--yes", "--output", "json").out())
        .contains("\"removed\": true", "\"sort\": \"model\"", "\"sort\": \"aside\"");
    assertThat(isThere(good + "/metadata/part-00000")).isTrue();
    assertThat(isThere(bad + "/metadata/part-00000")).isFalse();
  }

  @Test
  void removesDirectoriesThatHaveBeenEmptyForADay() throws IOException {
    Path old = directory.resolve("warehouse/_ml/receipts/" + RUN);
    Path young = directory.resolve("warehouse/_ml/receipts/young");
    Files.createDirectories(old);
    Files.createDirectories(young);
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    gc();
    assertThat(old).exists();
    gc("--yes");
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void removesNothingIfARecordCannotBeRead() throws IOException {
    old(FEATURES + part("lost"));
    Path entry = directory.resolve("warehouse/_ml/reuse/churn/features/ab/x-1.json");
    Files.createDirectories(entry.getParent());
    Files.writeString(entry, "{");
    Ran ran = Ran.in(directory, "gc", "--yes", "--warehouse", "warehouse");
    assertThat(ran.code()).isEqualTo(8);
    assertThat(ran.err()).contains("nothing was removed", "reuse/churn/features/ab/x-1.json");
    assertThat(isThere(FEATURES + part("lost"))).isTrue();
  }

  @Test
  void leavesTablesAloneWhoseLogWasCutOff() throws IOException {
    old(FEATURES + part("lost"));
    Files.delete(
        directory.resolve("warehouse/churn/features/_delta_log/00000000000000000000.json"));
    Ran ran = Ran.in(directory, "gc", "--yes", "--warehouse", "warehouse");
    assertThat(isThere(FEATURES + part("lost"))).isTrue();
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("churn/features is left alone: ");
  }
}
