package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several drivers at once, stopped, killed, asleep: each a process of its own. */
class LeaseIT {

  private static Path jar;

  private final List<Child> started = new ArrayList<>();

  @TempDir Path temp;
  private Path go;
  private Path file;
  private Path warehouse;

  @BeforeAll
  static void pack(@TempDir Path directory) throws IOException {
    jar = PatientPipeline.pack(directory);
  }

  @BeforeEach
  void write() throws IOException {
    go = temp.resolve("go");
    warehouse = temp.resolve("wh");
    file = PatientPipeline.write(temp, jar, go);
  }

  private Child start(Map<String, String> properties, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("run", file.toString(), "--warehouse", warehouse.toString()));
    args.addAll(Arrays.asList(more));
    Child child = Child.start(properties, Main.class, args.toArray(new String[0]));
    started.add(child);
    return child;
  }

  /** Whatever went wrong, nothing of a test goes on after it. */
  @AfterEach
  void leaveNobodyBehind() throws InterruptedException {
    for (Child child : started) {
      child.killAfter(0);
    }
  }

  private Ran command(String... args) {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    all.addAll(List.of("--warehouse", warehouse.toString()));
    return Ran.in(temp, all.toArray(new String[0]));
  }

  private LineageEvent newest() {
    return Warehouse.open(warehouse.toString(), temp).ledger().runs("patient", 1).get(0);
  }

  private record Ended(Child child, int code) {}

  @Test
  void ofFourRunsAtOnceOneWorksThreeSayWhyNotAndOneThatWaitsComesAfter() throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool();
    CompletionService<Ended> ends = new ExecutorCompletionService<>(pool);
    for (int i = 0; i < 4; i++) {
      Child child = start(Map.of());
      ends.submit(() -> new Ended(child, child.end()));
    }
    for (int i = 0; i < 3; i++) {
      Ended refused = ends.take().get();
      assertThat(refused.code()).as(refused.child().printed()).isEqualTo(7);
      assertThat(refused.child().printed())
          .contains("lease-held", "is being run: run r", "since", "last heartbeat", "--wait");
    }
    Child stopped = start(Map.of("mlpipeline.front", "true"), "--wait=5m");
    assertThat(stopped.awaitLine("waiting for run r")).as(stopped.printed()).isTrue();
    stopped.signal("TERM"); // INT is ignored where whoever started the tests ignores it
    assertThat(stopped.end()).isEqualTo(130);
    Future<Ran> waiting = pool.submit(() -> command("run", file.toString(), "--wait"));
    Files.createFile(go);
    Ended worked = ends.take().get();
    assertThat(worked.code()).as(worked.child().printed()).isZero();
    assertThat(waiting.get().out()).as(waiting.get().err()).contains("everything was reused");
    assertThat(Warehouse.open(warehouse.toString(), temp).tables().findHead("patient/totals"))
        .hasValue(0);
    pool.shutdown();
  }

  @Test
  void aRunThatIsStoppedIsCancelledWithinTenSecondsAndResumedFromItsPins() throws Exception {
    Child child = start(Map.of());
    assertThat(child.awaitLine("start      slow")).as(child.printed()).isTrue();
    long before = System.nanoTime();
    child.signal("TERM");
    assertThat(child.end()).as(child.printed()).isEqualTo(130);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    LineageEvent run = newest();
    assertThat(run.status()).isEqualTo("cancelled");

    Files.writeString(temp.resolve("rows.csv"), "id,plan\n7,z\n");
    Ran wrong = command("resume", "taxi", run.runId());
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("is one of pipeline patient, not of taxi");
    Files.createFile(go);
    Ran resumed = command("resume", run.runId());
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("ingest  kept", "no step's code has changed since");
    assertThat(newest().facts()).containsEntry("resumes", run.runId());
    assertThat(EngineHarness.identities(undisturbed())).isEqualTo(published());
    Ran again = command("resume", newest().runId());
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("succeeded: there is nothing to resume");
  }

  /** The same pipeline on the rows of then, in a warehouse of its own. */
  private RunReport undisturbed() throws IOException {
    Files.writeString(temp.resolve("rows.csv"), "id,plan\n1,a\n2,b\n3,a\n");
    return EngineHarness.of(file, temp.resolve("undisturbed")).run();
  }

  private Map<String, String> published() {
    Map<String, String> published = new TreeMap<>();
    Warehouse.open(warehouse.toString(), temp).reuse().loadLast("patient").steps().values().stream()
        .flatMap(entry -> entry.outputs().stream())
        .forEach(output -> published.put(output.name(), output.identity()));
    return published;
  }

  @Tag("long")
  @Test
  void aRunThatDoesNotHeedIsLeftAtTheSecondSignalAndCanBeAbandoned() throws Exception {
    Child child = start(Map.of(), "--set", "params.deaf=true");
    assertThat(child.awaitLine("start      slow")).as(child.printed()).isTrue();
    String run = newest().runId();
    Ran living = command("runs", "abandon", run, "--reason", "impatience");
    assertThat(living.code()).isEqualTo(7);
    assertThat(living.err()).contains("is being run: run " + run);
    Ran going = command("resume", run);
    assertThat(going.code()).isEqualTo(7);
    child.signal("TERM");
    assertThat(child.awaitLine("stopping")).isTrue();
    child.signal("TERM");
    assertThat(child.end()).isEqualTo(130);
    assertThat(command("runs", "list").out()).contains("lost");
    assertThat(newest().status()).as("recorded").isEqualTo("lost");
    assertThat(command("runs", "abandon", run, "--reason", "a test").code()).isZero();
    assertThat(newest().reason())
        .isEqualTo("abandoned by " + newest().facts().get("user") + ": a test");
    assertThat(command("runs", "abandon", run, "--reason", "a test").err())
        .contains("was abandoned by");
    assertThat(command("resume", run).err()).contains("abandoned by");
    assertThat(newest().status()).isEqualTo("lost");
  }

  @Tag("long")
  @Test
  void aDriverThatSleptThroughItsLeasePublishesNothing() throws Exception {
    Child zombie = start(Map.of("mlpipeline.lease-seconds", "2"));
    assertThat(zombie.awaitLine("start      slow")).as(zombie.printed()).isTrue();
    String lost = newest().runId();
    zombie.signal("STOP");
    Files.createFile(go);
    Ran second = command("run", file.toString(), "--wait=5m");
    assertThat(second.code()).as(second.err()).isZero();
    String successor = newest().runId();
    zombie.signal("CONT");
    assertThat(zombie.end()).as(zombie.printed()).isEqualTo(7);
    assertThat(zombie.printed()).contains("lease-lost", successor, "took over");
    Warehouse opened = Warehouse.open(warehouse.toString(), temp);
    assertThat(opened.tables().findHead("patient/waited")).hasValue(0);
    assertThat(opened.tables().findAttempt("patient/waited", 0))
        .hasValueSatisfying(attempt -> assertThat(attempt).startsWith(successor));
    assertThat(opened.ledger().run(lost))
        .filteredOn(event -> event.kind() == LineageEvent.Kind.RUN)
        .extracting(LineageEvent::status)
        .containsOnly("running", "lost");
  }

  @Test
  void fourPipelinesThatShareATableAllWork() throws Exception {
    Files.createFile(go);
    assertThat(EngineHarness.of(file, warehouse).run().status()).isEqualTo(RunStatus.SUCCEEDED);
    List<Callable<RunReport>> runs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Path other =
          Files.writeString(
              temp.resolve("other" + i + ".conf"),
              """
              pipeline: other%d
              inputs { shared: { table: ${warehouse}"/patient/waited" } }
              steps {
                count {
                  uses: sql
                  inputs { rows: shared }
                  params { query: "select count(*) + %d as n from rows" }
                  outputs { counts: {} }
                }
              }
              """
                  .formatted(i, i));
      runs.add(() -> EngineHarness.of(other, warehouse).run());
    }
    ExecutorService pool = Executors.newFixedThreadPool(4);
    for (Future<RunReport> run : pool.invokeAll(runs)) {
      assertThat(run.get().status()).as("%s", run.get().failure()).isEqualTo(RunStatus.SUCCEEDED);
    }
    pool.shutdown();
  }
}
