package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.gc.Garbage;
import io.mlpipeline.gc.GcOptions;
import io.mlpipeline.gc.GcPlan;
import io.mlpipeline.json.RecipeJson;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.Recipe;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.testkit.ModelHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models, recipes of runs and lists of partitions that nobody needs: two visits, whatever dies. */
class GcRecordsTest {

  private static final Instant NOW = Instant.now();
  private static final Duration DAY = Duration.ofDays(1);
  private static final String MODELS = "_ml/models/churn/lr/";
  private static final String OLD_RUN = "r20240101-000000-abcdef";
  private static final String NEW_RUN = "r20240102-000000-abcdef";

  @TempDir Path directory;
  private Warehouse warehouse;

  @BeforeEach
  void open() {
    warehouse = Warehouse.open("warehouse", directory);
  }

  private GcPlan gc(Duration later) throws IOException {
    GcOptions options = new GcOptions(Duration.ofDays(90), 10, null, null);
    var housekeeper = warehouse.housekeeper(InstantSource.fixed(NOW.plus(later)));
    GcPlan plan = housekeeper.plan(options);
    assertThat(housekeeper.carryOut(plan, "ann")).isEmpty();
    return plan;
  }

  /** Everything is so old. */
  private void age(int days) throws IOException {
    FileTime then = FileTime.from(NOW.minus(Duration.ofDays(days)));
    try (Stream<Path> files = Files.walk(directory.resolve("warehouse"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, then);
      }
    }
  }

  private ModelManifest model(String version, String attempt) throws IOException {
    Path file = directory.resolve("warehouse/" + MODELS + attempt + "/metadata/part-00000");
    Files.createDirectories(file.getParent());
    Files.writeString(file, version);
    ModelManifest manifest =
        new ModelManifest(
            "churn",
            "lr",
            ModelHistory.digest(version),
            MODELS + attempt,
            attempt.substring(0, OLD_RUN.length()),
            attempt,
            List.of(new ModelFile("metadata/part-00000", 5, sha256(version))));
    return warehouse.models().publish(manifest);
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isThere(String attempt) {
    return Files.exists(directory.resolve("warehouse/" + MODELS + attempt));
  }

  private boolean hasManifest(String version) {
    return warehouse.models().find("churn", "lr", ModelHistory.digest(version)).isPresent();
  }

  @Test
  void aModelThatNothingNeedsIsMarkedAndGoesADayLaterWithItsManifest() throws IOException {
    model("1.0.0", OLD_RUN + "-train-1");
    model("1.1.0", NEW_RUN + "-train-1");
    age(100);
    GcPlan first = gc(Duration.ZERO);
    assertThat(first.letGo().told()).containsExactly("model " + MODELS + OLD_RUN + "-train-1");
    assertThat(first.garbage()).isEmpty();
    GcPlan soon = gc(DAY.minusSeconds(1));
    assertThat(soon.garbage()).isEmpty();
    assertThat(soon.waiting()).singleElement().asString().startsWith("model " + MODELS);
    assertThat(isThere(OLD_RUN + "-train-1")).isTrue();
    GcPlan second = gc(DAY);
    assertThat(second.garbage()).extracting(Garbage::sort).containsExactly(Garbage.Sort.UNUSED);
    assertThat(hasManifest("1.0.0")).isFalse();
    assertThat(warehouse.objects().list("gc/models/")).isEmpty();
    assertThat(hasManifest("1.1.0")).as("the newest of its name").isTrue();
    GcPlan third = gc(DAY.multipliedBy(3));
    assertThat(third.garbage()).isEmpty();
    assertThat(third.letGo().told()).isEmpty();
    assertThat(isThere(OLD_RUN + "-train-1")).as("an empty folder").isFalse();
  }

  @Test
  void aMarkedModelThatIsMadeAgainHasFilesOfItsOwnAndStays() throws IOException {
    model("1.0.0", OLD_RUN + "-train-1");
    model("1.1.0", NEW_RUN + "-train-1");
    age(100);
    gc(Duration.ZERO);
    ModelManifest again = model("1.0.0", NEW_RUN + "-train-2");
    assertThat(again.uri()).isEqualTo(MODELS + NEW_RUN + "-train-2");
    GcPlan second = gc(DAY);
    assertThat(second.garbage())
        .as("the directory that no manifest names any more")
        .extracting(Garbage::name)
        .containsExactly(MODELS + OLD_RUN + "-train-1");
    assertThat(isThere(NEW_RUN + "-train-2") && hasManifest("1.0.0")).isTrue();
    assertThat(warehouse.models().missing(again)).isEmpty();
  }

  @Test
  void aManifestWhoseFilesWereRemovedByOneThatWasKilledGoesWithTheNext() throws IOException {
    ModelManifest old = model("1.0.0", OLD_RUN + "-train-1");
    model("1.1.0", NEW_RUN + "-train-1");
    age(100);
    gc(Duration.ZERO);
    warehouse.files().delete(old.uri() + "/metadata/part-00000");
    gc(DAY.minusSeconds(1));
    assertThat(hasManifest("1.0.0")).as("not yet").isTrue();
    gc(DAY);
    assertThat(hasManifest("1.0.0")).isFalse();
    assertThat(hasManifest("1.1.0")).isTrue();
  }

  private String recipe(String text) {
    byte[] document =
        RecipeJson.write(
            new Recipe(
                "/p.conf",
                "/",
                "local",
                new TreeMap<>(),
                List.of(),
                new TreeMap<>(Map.of("/p.conf", text)),
                List.of()));
    String seal = RecipeJson.seal(document);
    warehouse.objects().putIfAbsent("config/" + seal + ".json", document);
    return seal;
  }

  private void ran(String run, String seal, int days) {
    Instant at = NOW.minus(Duration.ofDays(days));
    LineageEvent event =
        new LineageEvent(
            run + "/0",
            LineageEvent.Kind.RUN,
            run,
            "churn",
            "local",
            null,
            0,
            "succeeded",
            "",
            null,
            List.of(),
            List.of(),
            List.of(),
            Collections.emptySortedMap(),
            List.of(),
            null,
            new TreeMap<>(Map.of(Recipe.FACT, seal)),
            at,
            at);
    warehouse.ledger().record(new Receipt(run, 0, List.of(event)));
  }

  private void entry(String run, @Nullable String partitions) {
    OutputVersion output =
        new OutputVersion(
            OutputKind.TABLE, "rows", "days", "churn/days", 0, "c1:1:00", "s", 1, 1, partitions);
    warehouse
        .reuse()
        .add(
            new ReuseEntry(
                "churn",
                "days",
                new Fingerprint("aa", List.of()),
                "",
                Verdict.PASS,
                run,
                run + "-days-1",
                NOW.minus(Duration.ofDays(100)),
                List.of(output),
                new TreeMap<>(),
                List.of(),
                List.of(),
                List.of()));
  }

  private boolean hasRecipe(String seal) {
    return warehouse.objects().find("config/" + seal + ".json").isPresent();
  }

  @Test
  void recipesOfOldRunsGoUnlessSomethingIsLeftOfThem() throws IOException {
    String forgotten = recipe("one");
    String held = recipe("two");
    String young = recipe("three");
    String newest = recipe("four");
    ran("r20240101-000000-000001", forgotten, 300);
    ran("r20240101-000000-000002", held, 299);
    entry("r20240101-000000-000002", null);
    ran("r20240101-000000-000003", young, 10);
    ran("r20240101-000000-000004", newest, 9);
    age(200);
    assertThat(gc(Duration.ZERO).letGo().told()).containsExactly("1 configuration of old runs");
    assertThat(hasRecipe(forgotten)).isFalse();
    assertThat(hasRecipe(held) && hasRecipe(young) && hasRecipe(newest)).isTrue();
    assertThat(warehouse.housekeeping().findAside("config/" + forgotten + ".json")).isPresent();
    assertThat(gc(DAY.minusSeconds(1)).garbage()).isEmpty();
    assertThat(gc(DAY).garbage())
        .extracting(Garbage::sort, Garbage::name)
        .containsExactly(org.assertj.core.api.Assertions.tuple(Garbage.Sort.RECORD, "_ml/config"));
    assertThat(warehouse.objects().list("gc/released/")).isEmpty();
    Ran again = Ran.in(directory, "resume", "r20240101-000000-000001", "--warehouse", "warehouse");
    assertThat(again.err()).contains("there is nothing to resume");
  }

  @Test
  void aRecipeThatARunHadJustFoundIsReadAsideAndPutBack() throws IOException {
    String seal = recipe("one");
    ran("r20240101-000000-000001", recipe("two"), 300);
    age(200);
    gc(Duration.ZERO);
    assertThat(hasRecipe(seal)).isFalse();
    ran("r20240101-000000-000002", seal, 0);
    gc(DAY);
    assertThat(hasRecipe(seal)).isTrue();
    assertThat(warehouse.housekeeping().findAside("config/" + seal + ".json")).isEmpty();
  }

  @Test
  void listsOfPartitionsGoThatNoEntryGoesByAndAreFoundAsideUntilThen() throws IOException {
    PartitionSet one = new PartitionSet(new TreeMap<>(Map.of("d=1", part("c1:1:01"))));
    PartitionSet two = new PartitionSet(new TreeMap<>(Map.of("d=2", part("c1:1:02"))));
    String forgotten = warehouse.reuse().keep("churn/days", one);
    entry("r20240101-000000-000002", warehouse.reuse().keep("churn/days", two));
    age(200);
    assertThat(gc(Duration.ZERO).letGo().told()).containsExactly("1 list of old partitions");
    assertThat(warehouse.reuse().findPartitions("churn/days", forgotten)).hasValue(one);
    assertThat(gc(DAY).garbage())
        .extracting(Garbage::name)
        .containsExactly("_ml/partitions/churn/days");
    assertThat(warehouse.reuse().findPartitions("churn/days", forgotten)).isEmpty();
    assertThat(warehouse.objects().list("partitions/")).hasSize(1);
  }

  private static PartitionSet.Part part(String content) {
    return new PartitionSet.Part(content, "k");
  }
}
