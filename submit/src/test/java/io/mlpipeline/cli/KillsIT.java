package io.mlpipeline.cli;

import static io.mlpipeline.cli.EngineHarness.identities;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers are killed with {@code kill -9} at moments drawn at random over the whole run, and each
 * time the next run has to end as if nothing had happened. The property {@code faults.kills} says
 * how often; a run that ended before its moment came is not counted.
 */
@Tag("faults")
class KillsIT {

  private static final int KILLS = Integer.getInteger("faults.kills", 200);
  private static final long SEED = 20240601;

  @TempDir static Path conf;
  @TempDir static Path warehouses;
  private static Path pipeline;
  private static SortedMap<String, String> undisturbed;
  private static Map<String, List<String>> whole;

  /** What a run takes of processors, in milliseconds, once its first step has begun. */
  private static long work;

  @BeforeAll
  static void runsUndisturbed() throws Exception {
    pipeline = CrashPipeline.write(conf);
    Path warehouse = warehouses.resolve("undisturbed");
    Child child = Dying.at("never", pipeline, warehouse, conf);
    assertThat(child.awaitLine("running ")).as(child.printed()).isTrue();
    long before = child.worked().toMillis();
    assertThat(child.end()).as(child.printed()).isZero();
    work = total(child.printed()) - before;
    whole = new StoreCheck(warehouse, "crash").contents();
    assertThat(whole).containsOnlyKeys("rows", "left", "right", "days", "totals");
    RunReport report = EngineHarness.of(pipeline, warehouse).runWithoutSpark().orElseThrow();
    undisturbed = identities(report);
  }

  private static long total(String printed) {
    Matcher matcher = Pattern.compile("after (\\d+) ms of work").matcher(printed);
    assertThat(matcher.find()).as(printed).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  /** The warehouse that was left behind; its end if it was too quick for its killer. */
  private record Killed(Path warehouse, boolean ended) {}

  @Test
  void everyRunAfterAKillEndsAsIfNothingHadHappened() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    Queue<Future<Killed>> dying = new ArrayDeque<>();
    SortedMap<String, Integer> found = new TreeMap<>();
    int kills = 0;
    try {
      for (int i = 0; kills < KILLS; i++) {
        int number = i;
        dying.add(pool.submit(() -> kill(number)));
        if (dying.size() > 2) {
          kills += survives(dying.remove().get(), found);
          tell(kills, found);
        }
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(found.values().stream().mapToInt(n -> n).sum()).isEqualTo(KILLS);
  }

  /** Now and then: two hundred take a while. */
  private static void tell(int kills, SortedMap<String, Integer> found) {
    if (kills % 20 == 0 || kills == KILLS) {
      System.out.println(kills + " kills over " + work + " ms of work; steps kept: " + found);
    }
  }

  private static Killed kill(int number) throws IOException, InterruptedException {
    Path warehouse = warehouses.resolve(Integer.toString(number));
    long moment = new SplittableRandom(SEED + number).nextLong(work);
    Child child = Dying.at("never", pipeline, warehouse, conf);
    child.awaitLine("running ");
    return new Killed(warehouse, !child.killAfterWork(Duration.ofMillis(moment)));
  }

  private static int survives(Killed killed, SortedMap<String, Integer> found) {
    if (killed.ended()) {
      return 0;
    }
    StoreCheck check = new StoreCheck(killed.warehouse(), "crash");
    check.holds(whole, List.of());
    RunReport report = EngineHarness.of(pipeline, killed.warehouse()).run();
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(identities(report)).isEqualTo(undisturbed);
    check.holds(whole, List.of(report));
    assertThat(check.contents()).isEqualTo(whole);
    long kept = report.steps().stream().map(StepReport::decision).filter("reuse"::equals).count();
    found.merge(kept + " of " + report.steps().size(), 1, Integer::sum);
    return 1;
  }
}
