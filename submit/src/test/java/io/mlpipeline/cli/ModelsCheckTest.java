package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.testkit.ModelSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found where something that a version needs went away. */
class ModelsCheckTest {

  @TempDir Path directory;
  private Path table;

  /** 1.0.0 is archived, 1.1.0 in production; each has a version of one table. */
  @BeforeEach
  void promoteTwoVersions() throws IOException {
    table = directory.resolve("warehouse/churn/features");
    Warehouse warehouse = Warehouse.open("warehouse", directory);
    ModelSets sets = new ModelSets(warehouse.registry(), warehouse.tables(), warehouse.models());
    sets.inProduction("1.0.0", Map.of(), publish(sets, "one"));
    sets.inProduction("1.1.0", Map.of(), publish(sets, "two"));
  }

  private OutputVersion publish(ModelSets sets, String content) throws IOException {
    Path file = table.resolve(content + ".parquet");
    Files.createDirectories(table);
    Files.writeString(file, "not really Parquet");
    long at = Files.getLastModifiedTime(file).toMillis();
    DataFile data =
        new DataFile(content + ".parquet", new TreeMap<>(), Files.size(file), at, 1, null);
    return sets.publish("churn/features", content, List.of(data));
  }

  private Ran check(String... args) {
    List<String> all = new java.util.ArrayList<>(List.of("models", "check"));
    all.addAll(List.of(args));
    all.addAll(List.of("--warehouse", "warehouse"));
    return Ran.in(directory, all.toArray(new String[0]));
  }

  @Test
  void findsNothingWhereAllIsThere() {
    Ran ran = check("--all", "--verify");
    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("looked at 2 versions of 1 models: all that they need is there");
  }

  @Test
  void namesTheTableThatVacuumTookAndWhatThatMeans() throws IOException {
    Files.delete(table.resolve("one.parquet"));
    assertThat(check().code()).isZero(); // only the archived version needs it
    Ran all = check("churn", "--all");
    assertThat(all.code()).isZero();
    assertThat(all.out())
        .contains(
            "churn@1.0.0  archived  churn/features@v0",
            "1 of the 1 files of version 0 are gone, such as one.parquet",
            "no rollback with its tables, no reproduction");
  }

  @Test
  void failsIfWhatIsInProductionIsBroken() throws IOException {
    Files.delete(table.resolve("two.parquet"));
    Ran ran = check();
    assertThat(ran.code()).isEqualTo(8);
    assertThat(ran.out()).contains("churn@1.1.0  production  churn/features@v1");
    assertThat(check("--output", "json").out())
        .contains("\"in_use\": true", "\"needs\": \"churn/features@v1\"");
  }

  @Test
  void findsLostManifestsAndCards() throws IOException {
    delete("warehouse/_ml/models");
    assertThat(check().out()).contains("its manifest is gone or damaged", "cannot be loaded");
    delete("warehouse/_ml/registry/churn/cards");
    assertThat(check().out()).contains("its card", "it is gone from the registry");
  }

  @Test
  void goesOnToOtherModelsWhereAHistoryWasAltered() throws IOException {
    Files.delete(directory.resolve("warehouse/_ml/registry/churn/events/000000000002.json"));
    Ran ran = check();
    assertThat(ran.code()).isEqualTo(8);
    assertThat(ran.out()).contains("its history", "nobody can say which version is in production");
    assertThat(check("nothing").code()).isEqualTo(2);
  }

  private void delete(String below) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve(below))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }
}
