package io.mlpipeline.cli;

import static io.mlpipeline.cli.EngineHarness.identities;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.testkit.Fault;
import io.mlpipeline.testkit.FaultFs;
import io.mlpipeline.testkit.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
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

  /** What a fault of the store may be called; never the step's fault, nor ours. */
  private static final Set<ErrorType> OF_THE_STORE =
      Set.of(
          ErrorType.STORAGE_UNAVAILABLE,
          ErrorType.PUBLISH_UNKNOWN,
          ErrorType.PUBLISH_CONFLICT,
          ErrorType.DISK_FULL);

  /** In every build so many of the numbers, for each form. */
  private static final int TRIED = 2;

  @TempDir static Path conf;
  private static Path pipeline;
  private static SortedMap<String, String> undisturbed;
  private static Map<String, List<String>> whole;
  private static List<String> calls;
  private static Path sound;

  @TempDir Path temp;

  @BeforeAll
  static void runsUndisturbed(@TempDir Path warehouse) throws IOException {
    FaultFs.mount();
    write();
    RunReport report = at(warehouse).run(); // the first one meets what is only ever done once
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    undisturbed = identities(report);
    StoreCheck check = new StoreCheck(warehouse, "sweep");
    whole = check.contents();
    assertThat(whole).containsOnlyKeys("rows", "left", "right", "totals");
    check.holds(whole, List.of(report));
    Fault none = FaultFs.set(Fault.none());
    assertThat(at(warehouse.resolve("again")).run().status()).isEqualTo(RunStatus.SUCCEEDED);
    calls = none.calls();
    sound = warehouse.resolve("again");
  }

  private static void write() throws IOException {
    for (String folder : List.of("pipelines", "schemas", "env", "data")) {
      Files.createDirectories(conf.resolve(folder));
    }
    pipeline = Files.writeString(conf.resolve("pipelines/sweep.conf"), PIPELINE);
    Files.writeString(conf.resolve("env/local.conf"), "");
    Files.writeString(
        conf.resolve("schemas/rows-v1.conf"),
        "columns { id: \"bigint\", day: \"date\" }\nkeys: [id]\n");
    String rows =
        IntStream.range(0, 12)
            .mapToObj(i -> i + ",2024-05-0" + (1 + i % 2) + "\n")
            .collect(Collectors.joining());
    Files.writeString(conf.resolve("data/rows.csv"), "id,day\n" + rows);
  }

  private static EngineHarness at(Path warehouse) {
    return EngineHarness.of(pipeline, Path.of("fault:" + warehouse));
  }

  @AfterEach
  void mends() {
    FaultFs.set(Fault.none());
  }

  /** What finds nothing must be able to find something. */
  @Test
  void theCheckerSeesWhatIsWrong() throws IOException {
    StoreCheck check = new StoreCheck(temp, "sweep");
    EngineHarness.copy(sound, temp);
    check.holds(whole, List.of());
    Path table = temp.resolve("sweep/rows");
    Path data = parquet(table);

    Path stray = Files.copy(data, table.resolve("stray.parquet"));
    assertThatThrownBy(() -> check.holds(whole, List.of())).hasMessageContaining("stray.parquet");
    Files.delete(stray);

    Path log = Files.writeString(temp.resolve("log.txt"), "key=" + StoreCheck.CANARY);
    assertThatThrownBy(() -> check.holds(whole, List.of())).hasMessageContaining("log.txt");
    Files.delete(log);

    byte[] bytes = Files.readAllBytes(data);
    bytes[40] ^= 1;
    Files.write(data, bytes);
    assertThatThrownBy(() -> check.holds(whole, List.of())).isNotNull();
    Files.delete(data);
    assertThatThrownBy(() -> check.holds(whole, List.of())).isNotNull();
  }

  private static Path parquet(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }

  @Test
  void endsAsIfNothingHadHappened() throws IOException {
    List<String> problems = new ArrayList<>();
    int tried = 0;
    for (Fault.Form form : Fault.Form.values()) {
      for (int number : Sweep.of(numbers(form), TRIED, 5 * form.ordinal())) {
        tried++;
        Fault fault = Fault.at(number, form);
        try {
          survives(fault, Files.createDirectory(temp.resolve(form + "-" + number)));
        } catch (AssertionError | RuntimeException e) {
          problems.add(fault + ": " + e);
          System.out.println(fault + ": " + e); // at once: a whole sweep takes a while
        }
      }
    }
    System.out.println(tried + " faults in " + calls.size() + " calls");
    assertThat(problems).isEmpty();
  }

  /** The calls of a run; for a listing it is the same whether it was made. */
  private static List<Integer> numbers(Fault.Form form) {
    return IntStream.rangeClosed(1, calls.size())
        .filter(n -> form != Fault.Form.ANSWER_LOST || !calls.get(n - 1).startsWith("list"))
        .boxed()
        .toList();
  }

  private void survives(Fault fault, Path warehouse) {
    FaultFs.set(fault);
    List<RunReport> answered = new ArrayList<>();
    RunReport report = run(warehouse);
    if (report != null) {
      answered.add(report);
    }
    FaultFs.set(Fault.none());
    assertThat(fault.hasHappened()).as("it came to that call").isTrue();
    StoreCheck check = new StoreCheck(warehouse, "sweep");
    check.holds(whole, answered);
    check.endLease();
    report = at(warehouse).run();
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(identities(report)).isEqualTo(undisturbed);
    answered.add(report);
    check.holds(whole, answered);
    assertThat(check.contents()).isEqualTo(whole);
  }

  /** What a run says that ended; null if it was told at once that there is no store. */
  private static RunReport run(Path warehouse) {
    try {
      RunReport report = at(warehouse).run();
      if (report.failure() != null) {
        assertThat(report.failure().type()).as("%s", report.failure()).isIn(OF_THE_STORE);
      }
      return report;
    } catch (EngineException e) {
      assertThat(e.type()).as("%s", e.getMessage()).isIn(OF_THE_STORE);
      return null;
    }
  }
}
