package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mlpipeline.Warehouse;
import io.mlpipeline.gc.Garbage;
import io.mlpipeline.gc.GcOptions;
import io.mlpipeline.gc.GcPlan;
import io.mlpipeline.json.SampleMarkerJson;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.SampleMarker;
import io.mlpipeline.model.TableRemoval;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.registry.VersionState;
import io.mlpipeline.testkit.ModelSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old versions of a table: what of them goes, what a record holds, and what is said of both. */
class GcVersionsTest {

  private static final String TABLE = "churn/features";
  private static final Instant NOW = Instant.now();
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;
  private Warehouse warehouse;
  private ModelSets sets;

  @BeforeEach
  void open() {
    warehouse = Warehouse.open("warehouse", directory);
    sets = new ModelSets(warehouse.registry(), warehouse.tables(), warehouse.models());
  }

  /** A version of its own file, a hundred days old. */
  private OutputVersion publish(String content) throws IOException {
    Path file = directory.resolve("warehouse").resolve(TABLE).resolve(name(content));
    Files.createDirectories(file.getParent());
    Files.writeString(file, "not really Parquet");
    DataFile data =
        new DataFile(name(content), new TreeMap<>(), Files.size(file), NOW.toEpochMilli(), 1, null);
    OutputVersion version = sets.publish(TABLE, content, List.of(data));
    age(100);
    return version;
  }

  private static String name(String content) {
    return "part-r20240101-000000-abcdef-" + content + "-1-00000-0.snappy.parquet";
  }

  /** Everything of the table, its log too, is so old. */
  private void age(int days) throws IOException {
    FileTime then = FileTime.from(NOW.minus(Duration.ofDays(days)));
    try (Stream<Path> files = Files.walk(directory.resolve("warehouse").resolve(TABLE))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, then);
      }
    }
  }

  private boolean isThere(String content) {
    return Files.exists(directory.resolve("warehouse").resolve(TABLE).resolve(name(content)));
  }

  private static GcOptions keeping(int versions, @Nullable Integer models) {
    return new GcOptions(Duration.ofDays(90), versions, models, null);
  }

  private GcPlan plan(GcOptions options, Duration later) {
    return warehouse.housekeeper(InstantSource.fixed(NOW.plus(later))).plan(options);
  }

  private GcPlan gc(GcOptions options, Duration later) {
    GcPlan plan = plan(options, later);
    assertThat(warehouse.housekeeper(InstantSource.fixed(NOW.plus(later))).carryOut(plan, "ann"))
        .isEmpty();
    assertThat(Ran.in(directory, "models", "check", "--all", "--warehouse", "warehouse").code())
        .isZero();
    return plan;
  }

  private boolean isReadable(long version) {
    TableLog.Snapshot found = warehouse.tables().find(TABLE, version).orElseThrow();
    return warehouse.tables().allPresent(TABLE, found.files());
  }

  /** An entry of the reuse index that is so many days old. */
  private void entry(String fingerprint, int days, Verdict verdict, OutputVersion... outputs) {
    String run = "r2024010" + (1 + warehouse.objects().list("reuse/").size()) + "-000000-abcdef";
    warehouse
        .reuse()
        .add(
            new ReuseEntry(
                "churn",
                "features",
                new Fingerprint(fingerprint, List.of()),
                "",
                verdict,
                run,
                run + "-features-1",
                NOW.minus(Duration.ofDays(days)),
                List.of(outputs),
                new TreeMap<>(),
                List.of(),
                List.of(),
                List.of()));
  }

  @Test
  void removesWhatOnlyOldVersionsNameAndSaysSoWhereverTheyAreAskedFor() throws IOException {
    publish("one");
    publish("two");
    publish("three");
    Ran list = Ran.in(directory, "gc", "--keep-versions", "1", "--warehouse", "warehouse");
    assertThat(list.out()).contains("version", TABLE + " v0-v1");
    assertThat(isThere("one")).isTrue();
    Ran ran = Ran.in(directory, "gc", "--keep-versions", "1", "--yes", "--warehouse", "warehouse");
    assertThat(ran.err()).contains("removed 2 files, 36 B");
    assertThat(isThere("one") || isThere("two")).isFalse();
    assertThat(isReadable(2)).isTrue();
    assertThat(warehouse.removal(TABLE, 1))
        .hasValueSatisfying(told -> assertThat(told).startsWith("removed by gc ("));
    assertThat(warehouse.removal(TABLE, 2)).isEmpty();
    assertThat(gc(keeping(1, null), DAY).garbage()).isEmpty();
  }

  @Test
  void keepsTheNewestVersionsAndWhatWasTheNewestUntilLately() throws IOException {
    publish("one");
    publish("two");
    publish("three");
    assertThat(gc(keeping(2, null), Duration.ZERO).garbage())
        .singleElement()
        .satisfies(one -> assertThat(one.versions()).containsExactly(0L));
    Path log = directory.resolve("warehouse/churn/features/_delta_log/00000000000000000002.json");
    Files.setLastModifiedTime(log, FileTime.from(NOW.minus(DAY)));
    // v1 was the newest until yesterday, so a run that goes on may read it.
    assertThat(gc(keeping(1, null), Duration.ZERO).garbage()).isEmpty();
    assertThat(isThere("two")).isTrue();
  }

  @Test
  void keepsWhatAModelNeedsAndSaysForWhichAndRefusesWhereTheTableIsNamed() throws IOException {
    OutputVersion one = publish("one");
    publish("two");
    OutputVersion three = publish("three");
    publish("four");
    sets.inProduction("1.0.0", Map.of(), one);
    sets.inProduction("1.1.0", Map.of(), three);
    GcPlan plan = gc(keeping(1, null), Duration.ZERO);
    assertThat(plan.kept())
        .containsExactly(
            "kept 1 version of churn/features for churn@1.0.0 (archived)",
            "kept 1 version of churn/features for churn@1.1.0 (production)");
    assertThat(isThere("two")).isFalse();
    assertThat(isReadable(0) && isReadable(2)).isTrue();
    Ran refused =
        Ran.in(
            directory,
            "gc",
            "--table",
            TABLE,
            "--keep-versions",
            "1",
            "--yes",
            "--warehouse",
            "warehouse");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            "nothing was removed",
            "v0 for churn@1.0.0 (archived); v2 for churn@1.1.0 (production)",
            "--keep-models");
    assertThatThrownBy(() -> plan(new GcOptions(DAY, 1, null, "churn/nothing"), Duration.ZERO))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("there is no table churn/nothing");
  }

  @Test
  void letsSupersededEntriesGoFirstAndRemovesADayLaterWhatOnlyTheyNeed() throws IOException {
    entry("aa", 100, Verdict.PASS, publish("one"));
    entry("bb", 95, Verdict.PASS, publish("two"));
    publish("three");
    GcPlan first = gc(keeping(1, null), Duration.ZERO);
    assertThat(first.letGo().told()).containsExactly("1 reuse entry");
    assertThat(first.garbage()).isEmpty();
    assertThat(warehouse.reuse().find("churn", "features", "aa")).isEmpty();
    assertThat(warehouse.reuse().find("churn", "features", "bb")).isPresent();
    GcPlan soon = gc(keeping(1, null), DAY.minusSeconds(1));
    assertThat(soon.garbage()).isEmpty();
    assertThat(soon.waiting()).hasSize(1);
    gc(keeping(1, null), DAY);
    assertThat(isThere("one")).isFalse();
    assertThat(isThere("two")).isTrue(); // the newest success of its step
    assertThat(warehouse.objects().list("gc/released/")).isEmpty();
  }

  @Test
  void keepsModelsThatAreWantedAndRecordsInTheHistoryWhatItRemoves() throws IOException {
    sets.inProduction("1.0.0", Map.of(), publish("one"));
    sets.inProduction("1.1.0", Map.of(), publish("two"));
    sets.inProduction("1.2.0", Map.of(), publish("three"));
    publish("four");
    assertThat(gc(keeping(1, 1), Duration.ZERO).letGo().told())
        .containsExactly("churn@1.0.0 (archived)");
    VersionState removed = warehouse.registry().state("churn").versions().get(0);
    assertThat(removed.isRemoved()).isTrue();
    assertThat(isThere("one")).isTrue();
    gc(keeping(1, 1), DAY);
    assertThat(isThere("one")).isFalse();
    assertThat(isThere("two") && isThere("three")).isTrue();
    Ran show = Ran.in(directory, "models", "show", "churn@1.0.0", "--warehouse", "warehouse");
    assertThat(show.out()).contains("files      removed by gc, ", ", ann", "removed 1.0.0 by ann");
    Ran back =
        Ran.in(
            directory, "models", "rollback", "churn", "--to", "1.0.0", "--warehouse", "warehouse");
    assertThat(back.code()).isEqualTo(2);
    assertThat(back.err()).contains("the files of churn@1.0.0 were removed by gc (event ");
    // Another engine's fold of the same events says the same.
    Warehouse other = Warehouse.open("warehouse", directory);
    assertThat(other.registry().state("churn").versions()).startsWith(removed);
  }

  @Test
  void takesNothingThatIsYoungerThanARunThatGoesOn() throws IOException {
    publish("one");
    publish("two");
    Instant began = NOW.minus(Duration.ofDays(120));
    LeaseClaim claim =
        new LeaseClaim(
            "churn", 1, "dev", "r20240101-000000-abcdef", "ann", "here", "", 1, "", began, 60);
    assertThat(warehouse.leases().claim(claim)).isTrue();
    warehouse.leases().beat(claim, 1, NOW);
    assertThat(gc(keeping(1, null), Duration.ZERO).garbage()).isEmpty();
    // A heartbeat of two days ago is that of a driver that was killed.
    assertThat(gc(keeping(1, null), DAY.multipliedBy(2)).garbage()).hasSize(1);
  }

  @Test
  void removesSamplesThatNobodyWroteToButNothingThatOnlyHasTheirName() throws IOException {
    publish("one");
    Path sample = directory.resolve("warehouse__sample-1pct");
    Path other = directory.resolve("warehouse__sample-old");
    for (Path one : List.of(sample, other)) {
      Files.createDirectories(one.resolve("_ml"));
      Files.writeString(one.resolve("data"), "rows");
    }
    SampleMarker marker = new SampleMarker("1%", warehouse.uri(), NOW);
    Files.write(sample.resolve("_ml/sample.json"), SampleMarkerJson.write(marker));
    assertThat(gc(keeping(1, null), Duration.ZERO).garbage()).isEmpty();
    assertThat(gc(keeping(1, null), Duration.ofDays(91)).garbage())
        .extracting(Garbage::sort, Garbage::name)
        .containsExactly(tuple(Garbage.Sort.SAMPLE, sample.toString()));
    assertThat(sample.resolve("data")).doesNotExist();
    assertThat(sample.resolve("_ml/sample.json")).doesNotExist();
    assertThat(other.resolve("data")).exists();
  }

  @Test
  void goesOnWhereAnEarlierOneWasKilled() throws IOException {
    sets.inProduction("1.0.0", Map.of(), publish("one"));
    publish("two");
    publish("three");
    publish("four");
    GcPlan plan = plan(keeping(1, null), Duration.ZERO);
    // It died after its record and the first of its files.
    warehouse
        .housekeeping()
        .record(new TableRemoval(TABLE, plan.garbage().get(0).versions(), "ann", plan.at(), 2, 36));
    warehouse.files().delete(plan.garbage().get(0).files().get(0).path());
    assertThat(warehouse.removal(TABLE, 2)).isPresent();
    gc(keeping(1, null), Duration.ZERO);
    assertThat(isThere("two") || isThere("three")).isFalse();
    assertThat(isReadable(0) && isReadable(3)).isTrue();
    assertThat(gc(keeping(1, null), DAY).garbage()).isEmpty();
  }

  @Test
  void leavesATableAloneThatWasWrittenMeanwhile() throws IOException {
    publish("one");
    publish("two");
    GcPlan plan = plan(keeping(1, null), Duration.ZERO);
    assertThat(plan.garbage()).extracting(Garbage::sort).containsExactly(Garbage.Sort.VERSION);
    warehouse.tables().restore(TABLE, 0, new TableLog.CommitInfo("r", "s", "again", "c1:1:one#s"));
    assertThat(warehouse.housekeeper(InstantSource.system()).carryOut(plan, "ann"))
        .containsExactly("churn/features was written meanwhile, so nothing of it was removed");
    assertThat(isReadable(2)).isTrue();
    age(100);
    gc(keeping(1, null), Duration.ZERO);
    assertThat(isThere("one")).isTrue();
    assertThat(isThere("two")).isFalse();
  }

  @Test
  void oldVersionsAreFoundAboveACheckpointWhereTheLogWasCutOff() throws IOException {
    for (int i = 0; i < 12; i++) {
      publish("n" + i);
    }
    for (int i = 0; i < 5; i++) {
      Files.delete(
          directory.resolve(
              "warehouse/churn/features/_delta_log/0000000000000000000" + i + ".json"));
    }
    GcPlan plan = gc(keeping(1, null), Duration.ZERO);
    assertThat(plan.garbage()).hasSize(1);
    assertThat(plan.garbage().get(0).versions()).containsExactly(10L);
    assertThat(plan.leftAlone().get(TABLE)).contains("starts at version 10");
    assertThat(isThere("n11")).isTrue();
  }
}
