package io.mlpipeline.cli;

import static io.mlpipeline.cli.EngineHarness.identities;
import static io.mlpipeline.cli.EngineHarness.outcomes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.testkit.Sweep;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A driver is killed anywhere. Whatever was visible then was whole, and the next run makes what an
 * undisturbed one makes.
 */
@Tag("sweep")
class CrashIT {

  private static final List<String> POINTS =
      List.of(
          "ingest running",
          "file crash/rows/*.parquet",
          "ingest publishing",
          "file crash/rows/_delta_log/*0.json",
          "file _ml/reuse/crash/ingest/*/*.json",
          "sides auditing",
          "file crash/{left,right}/_delta_log/*0.json",
          "file crash/days/day=*/*.parquet",
          "file _ml/last/crash.json",
          "run ended",
          "file _ml/lineage/_delta_log/*0.json");

  /** What every build tries: half of a step's outputs, and no end of the run. */
  private static final List<String> TRIED =
      Sweep.isWhole()
          ? POINTS
          : List.of("file crash/{left,right}/_delta_log/*0.json", "file _ml/last/crash.json");

  /** Children start while others are looked at: most of their time is that of starting. */
  private static final ExecutorService POOL = Executors.newFixedThreadPool(2);

  private static final Map<String, Future<Child>> killed = new HashMap<>();

  @TempDir static Path conf;
  @TempDir static Path warehouses;
  private static Path pipeline;
  private static Path agent;
  private static SortedMap<String, String> undisturbed;

  @TempDir Path temp;

  @BeforeAll
  static void runsUndisturbed(@TempDir Path warehouse) throws IOException {
    pipeline = CrashPipeline.write(conf);
    agent = Trap.jar(conf);
    TRIED.forEach(point -> killed.put(point, POOL.submit(() -> die(point))));
    RunReport report = EngineHarness.of(pipeline, warehouse).run();
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    undisturbed = identities(report);
    assertThat(undisturbed).containsOnlyKeys("rows", "left", "right", "days", "totals");
  }

  @AfterAll
  static void stopsWaiting() {
    POOL.shutdownNow();
  }

  static List<String> points() {
    return TRIED;
  }

  @ParameterizedTest
  @MethodSource("points")
  void endsAsIfNothingHadHappened(String point) throws Exception {
    Child child = killed.get(point).get();
    temp = warehouse(point);
    assertThat(child.end()).as(child.printed()).isEqualTo(Dying.HALTED);
    assertWhole();
    String runs = EngineHarness.of(pipeline, temp).command("runs", "list");
    boolean recorded = point.equals("run ended") || point.contains("lineage");
    assertThat(runs).startsWith("0\n").contains(recorded ? "succeeded" : "lost");
    assertRecovers();
  }

  @Test
  @Tag("faults")
  void survivesOneKillAfterTheOther() throws Exception {
    Random random = new Random(20240601);
    for (int i = 0; i < 3; i++) {
      Child child = Dying.at("never", pipeline, temp, agent);
      child.awaitLine("running ");
      child.killAfter(random.nextInt(2500));
      assertWhole();
    }
    assertRecovers();
  }

  @Tag("long")
  @Test
  void tellsTheSecondOfTwoRunsThatAnotherGoesOn() {
    EngineHarness harness = EngineHarness.of(pipeline, temp);
    List<Throwable> refused = new ArrayList<>();
    RunListener meanwhile =
        new RunListener() {
          @Override
          public void stepAt(String step, String phase) {
            if (step.equals("sides") && phase.equals("publishing")) {
              refused.add(catchThrowable(harness::run));
            }
          }
        };
    RunReport first = harness.run(RunRequest.ALL, meanwhile);
    assertThat(refused)
        .singleElement()
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              assertThat(e.type()).isEqualTo(ErrorType.LEASE_HELD);
              assertThat(e).hasMessageContaining(first.runId().value());
            });
    assertThat(first.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertRecovers();
  }

  /** Whatever table is visible holds exactly what it holds in the end, for every reader. */
  private void assertWhole() {
    Warehouse warehouse = Warehouse.open(temp.toString(), temp);
    for (String name : undisturbed.keySet()) {
      Optional<TableLog.Snapshot> snapshot = warehouse.tables().findNewest("crash/" + name);
      if (snapshot.isPresent()) {
        assertThat(warehouse.tables().findContent("crash/" + name, snapshot.get().version()))
            .contains(undisturbed.get(name));
        assertThat(warehouse.tables().allPresent("crash/" + name, snapshot.get().files())).isTrue();
        assertThat(delta(name)).doesNotHaveDuplicates().hasSize(rows(name));
      }
    }
    assertThat(warehouse.ledger().all()).extracting(LineageEvent::id).doesNotHaveDuplicates();
  }

  private void assertRecovers() {
    EngineHarness harness = EngineHarness.of(pipeline, temp);
    RunReport report = harness.run();
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(identities(report)).isEqualTo(undisturbed);
    assertWhole();
    Warehouse warehouse = harness.open().warehouse();
    for (OutputVersion output : EngineHarness.outputs(report).values()) {
      assertThat(warehouse.tables().findHead(output.uri())).hasValue(output.version());
      assertThat(output.version()).as("versions of %s", output.name()).isZero();
    }
    SortedMap<String, String> reused = new TreeMap<>();
    report.steps().forEach(step -> reused.put(step.name(), "reuse reused"));
    assertThat(outcomes(harness.runWithoutSpark().orElseThrow())).isEqualTo(reused);
    assertThat(warehouse.ledger().run(report.runId().value())).isNotEmpty();
    assertThat(load("_ml/lineage").select("event_id").collectAsList())
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  private static Child die(String point) throws Exception {
    Child child = Dying.at(point, pipeline, warehouse(point), agent);
    child.end();
    return child;
  }

  private static Path warehouse(String point) {
    return warehouses.resolve(Integer.toString(POINTS.indexOf(point)));
  }

  private List<Row> delta(String name) {
    return load("crash/" + name).collectAsList();
  }

  private Dataset<Row> load(String table) {
    return TestSpark.session().read().format("delta").load(temp.resolve(table).toString());
  }

  private static int rows(String name) {
    return Integer.parseInt(undisturbed.get(name).split(":")[1]);
  }
}
