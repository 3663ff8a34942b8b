package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.testkit.Fault;
import io.mlpipeline.testkit.FaultFs;
import io.mlpipeline.testkit.Folders;
import io.mlpipeline.testkit.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call that a run makes on its store fails, one run after the other, in every form; whatever
 * was visible then was whole, and the next run makes what an undisturbed one makes.
 */
@Tag("sweep")
class FaultSweepIT {

  private static final String PIPELINE =
      """
      pipeline: sweep
      inputs { raw: { files: ${conf-root}"/data", format: csv } }
      steps {
        ingest {
          uses: ingest
          inputs { raw: raw }
          outputs { rows: { as: rows, schema: rows-v1, gate: { block: ["RowCount = 12"] } } }
        }
        sides {
          uses: split
          inputs { rows: rows }
          params { key: [id], holdout: 0.3 }
          outputs { train: { as: left }, holdout: { as: right } }
        }
        totals {
          uses: sql
          inputs { left: left, right: right }
          params { query: "SELECT day, count(*) AS n FROM (SELECT day FROM left UNION ALL SELECT day FROM right) GROUP BY day" }
          outputs { totals: { partition: day, gate: { block: ["IsUnique \\"day\\""] } } }
        }
      }
      """;

  /** In every build so many of the numbers, for each form. */
  private static final int TRIED = 2;

  @TempDir static Path conf;
  @TempDir static Path undisturbed;
  private static FaultedRuns sweep;

  @TempDir Path temp;

  @BeforeAll
  static void runsUndisturbed() throws IOException {
    sweep = FaultedRuns.of(EngineHarness.of(write(), undisturbed));
    assertThat(sweep.whole()).containsOnlyKeys("rows", "left", "right", "totals");
  }

  private static Path write() throws IOException {
    for (String folder : List.of("pipelines", "schemas", "env", "data")) {
      Files.createDirectories(conf.resolve(folder));
    }
    Files.writeString(conf.resolve("env/local.conf"), "");
    Files.writeString(
        conf.resolve("schemas/rows-v1.conf"),
        "columns { id: \"bigint\", day: \"date\" }\nkeys: [id]\n");
    String rows =
        IntStream.range(0, 12)
            .mapToObj(i -> i + ",2024-05-0" + (1 + i % 2) + "\n")
            .collect(Collectors.joining());
    Files.writeString(conf.resolve("data/rows.csv"), "id,day\n" + rows);
    return Files.writeString(conf.resolve("pipelines/sweep.conf"), PIPELINE);
  }

  @AfterEach
  void mends() {
    FaultFs.set(Fault.none());
  }

  /** What finds nothing must be able to find something. */
  @Test
  void theCheckerSeesWhatIsWrong() throws IOException {
    StoreCheck check = new StoreCheck(temp, "sweep");
    Folders.copy(sweep.sound(), temp);
    check.holds(sweep.whole(), List.of());
    Path table = temp.resolve("sweep/rows");
    Path data = parquet(table);

    Path stray = Files.copy(data, table.resolve("stray.parquet"));
    assertThatThrownBy(() -> check.holds(sweep.whole(), List.of()))
        .hasMessageContaining("stray.parquet");
    Files.delete(stray);

    Path log = Files.writeString(temp.resolve("log.txt"), "key=" + StoreCheck.CANARY);
    assertThatThrownBy(() -> check.holds(sweep.whole(), List.of())).hasMessageContaining("log.txt");
    Files.delete(log);

    byte[] bytes = Files.readAllBytes(data);
    bytes[40] ^= 1;
    Files.write(data, bytes);
    assertThatThrownBy(() -> check.holds(sweep.whole(), List.of())).isNotNull();
    Files.delete(data);
    assertThatThrownBy(() -> check.holds(sweep.whole(), List.of())).isNotNull();
  }

  private static Path parquet(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }

  @Test
  void endsAsIfNothingHadHappened() throws IOException {
    assertThat(
            sweep.problems((numbers, form) -> Sweep.of(numbers, TRIED, 5 * form.ordinal()), temp))
        .isEmpty();
  }
}
