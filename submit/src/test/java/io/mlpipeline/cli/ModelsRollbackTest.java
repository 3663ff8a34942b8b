package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.testkit.ModelSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rollbacks in process, over Delta tables as they are and files that nobody opens. */
class ModelsRollbackTest {

  @TempDir Path directory;
  private ModelSets sets;

  /** 1.0.0 was in production from 02:00 to 05:00 of 2024-03-01, and 1.1.0 is since. */
  @BeforeEach
  void promoteTwoVersions() throws IOException {
    Warehouse warehouse = Warehouse.open("warehouse", directory);
    sets = new ModelSets(warehouse.registry(), warehouse.tables(), warehouse.models());
    Files.createDirectories(directory.resolve("conf"));
    Files.writeString(directory.resolve("conf/churn.conf"), "window: 60");
    Map<String, String> config = Map.of("conf/churn.conf", "window: 30", "../q.sql", "select 1");
    sets.inProduction("1.0.0", config, publish("one"));
    sets.inProduction("1.1.0", Map.of("conf/churn.conf", "window: 60"), publish("two"));
  }

  private OutputVersion publish(String content) throws IOException {
    Path file = directory.resolve("warehouse/churn/features").resolve(content + ".parquet");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "not really Parquet");
    long at = Files.getLastModifiedTime(file).toMillis();
    DataFile data =
        new DataFile(content + ".parquet", new TreeMap<>(), Files.size(file), at, 1, null);
    return sets.publish("churn/features", content, List.of(data));
  }

  private Ran models(String... args) {
    List<String> all = new java.util.ArrayList<>(List.of("models"));
    all.addAll(List.of(args));
    all.addAll(List.of("--warehouse", "warehouse"));
    return Ran.in(directory, all.toArray(new String[0]));
  }

  private List<String> liveFiles() {
    return Warehouse.open("warehouse", directory)
        .tables()
        .findNewest("churn/features")
        .orElseThrow()
        .files()
        .stream()
        .map(DataFile::path)
        .toList();
  }

  @Test
  void showsAndThenDoesIt() {
    Ran dry = models("rollback", "churn", "--at", "2024-03-01T04:30:00Z", "--dry-run");
    assertThat(dry.code()).as(dry.err()).isZero();
    assertThat(dry.out().lines())
        .containsExactly(
            "would roll back to churn@1.0.0, in production before by event 3",
            "replaces   churn@1.1.0, to archived",
            "table      churn/features  v1 -> v0 again",
            "config     of git commit abc; not the same here: ../q.sql (gone), conf/churn.conf"
                + " (changed)",
            "           --config-to DIR writes those of then; a run with those of now goes forward"
                + " again");
    assertThat(liveFiles()).containsExactly("two.parquet");
    Ran done = models("rollback", "churn", "--to", "1.0.0", "--reason", "incident 12");
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out())
        .contains(
            "rolled back to churn@1.0.0, in production before by event 3   (event 7, by ",
            "table      churn/features  v1 -> v2, which is v0 again");
    assertThat(liveFiles()).containsExactly("one.parquet");
    assertThat(models("history", "churn").out())
        .contains("rolled back", "incident 12; it was in production by event 3");
    assertThat(models("history", "churn", "--at", "2099-01-01").out())
        .contains("event 7", "back to    event 3, by bob");
    assertThat(models("rollback", "churn", "--to", "1.0.0").out())
        .contains("there is nothing to do");
    assertThat(models("rollback", "churn", "--to", "1.1.0", "--output", "json").out())
        .contains("\"kind\": \"rolled_back\"", "\"state\": \"behind\"", "\"now\": 3");
    assertThat(liveFiles()).containsExactly("two.parquet");
  }

  @Test
  void writesTheConfigurationOfThenAndOverwritesNothing() throws IOException {
    Ran first = models("rollback", "churn", "--to", "1.0.0", "--config-to", "then", "--model-only");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains("2 files of then in then");
    assertThat(directory.resolve("then/conf/churn.conf")).hasContent("window: 30");
    assertThat(directory.resolve("then/_up/q.sql")).hasContent("select 1");
    assertThat(liveFiles()).containsExactly("two.parquet");
    Files.writeString(directory.resolve("then/conf/churn.conf"), "mine");
    Ran second = models("rollback", "churn", "--to", "1.0.0", "--config-to", "then");
    assertThat(second.code()).isEqualTo(2);
    assertThat(second.err()).contains("differs from the file of then");
    assertThat(directory.resolve("then/conf/churn.conf")).hasContent("mine");
    assertThat(liveFiles()).containsExactly("two.parquet");
  }

  @Test
  void namesWhatIsLostAndChangesNothing() throws IOException {
    Files.delete(directory.resolve("warehouse/churn/features/one.parquet"));
    Ran dry = models("rollback", "churn", "--to", "1.0.0", "--dry-run");
    assertThat(dry.code()).isEqualTo(8);
    assertThat(dry.out())
        .contains(
            "cannot roll back to churn@1.0.0",
            "churn/features  v0 is lost: 1 of the 1 files of version 0 are gone, such as"
                + " one.parquet");
    Ran refused = models("rollback", "churn", "--to", "1.0.0");
    assertThat(refused.code()).isEqualTo(8);
    assertThat(refused.err()).contains("churn/features@v0", "nothing was changed", "--model-only");
    assertThat(models("show", "churn@production").out()).contains("churn@1.1.0");
  }

  @Test
  void refusesWhatIsNoGoal() {
    assertThat(models("rollback", "churn").code()).isEqualTo(2);
    assertThat(models("rollback", "churn", "--to", "last-tusday").err())
        .contains("did you mean 'last-tuesday'?");
    assertThat(models("rollback", "churn", "--at", "2024-02-01").err())
        .contains("no version of churn was in production at 2024-02-01 23:59:59");
    assertThat(models("rollback", "churn@1.0.0", "--to", "1.0.0").err()).contains("--to or --at");
  }

  @Test
  void lastTuesdayIsTheOneBeforeToday() {
    LocalDate tuesday = LocalDate.parse("2024-03-05");
    assertThat(PastMoment.last("last-tuesday", tuesday))
        .contains(Instant.parse("2024-02-27T23:59:59.999999999Z"));
    assertThat(PastMoment.last("last-tuesday", tuesday.plusDays(1)))
        .contains(Instant.parse("2024-03-05T23:59:59.999999999Z"));
    assertThat(PastMoment.last("last-day", tuesday)).isEmpty();
  }
}
