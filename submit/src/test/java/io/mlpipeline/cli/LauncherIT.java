package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.patience.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends a process that was started by the launcher, and what its caller sees of that. */
class LauncherIT {

  @TempDir Path temp;
  private Path go;
  private Path file;
  private Path warehouse;
  private Child child;

  @BeforeEach
  void write() throws IOException {
    go = temp.resolve("go");
    warehouse = temp.resolve("wh");
    file = PatientPipeline.write(temp, PatientPipeline.pack(temp), go);
  }

  @AfterEach
  void leaveNobodyBehind() throws InterruptedException {
    child.killAfter(0);
  }

  private void start(String... command) throws IOException {
    String[] more = {file.toString(), "--warehouse", warehouse.toString()};
    String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    child = Child.launched(temp.resolve("checkout"), all);
  }

  private LineageEvent newest() {
    return Warehouse.open(warehouse.toString(), temp).ledger().runs("patient", 1).get(0);
  }

  private void nextRunEndsIt() {
    Ran next = Ran.in(temp, "run", file.toString(), "--warehouse", warehouse.toString());
    assertThat(next.code()).as(next.err()).isZero();
    assertThat(next.out()).contains("succeeded");
    assertThat(checked()).containsOnlyKeys("rows", "waited", "totals");
  }

  /** What the tables hold of a warehouse where everything holds that must. */
  private Map<String, List<String>> checked() {
    StoreCheck check = new StoreCheck(warehouse, "patient");
    Map<String, List<String>> contents = check.contents();
    check.holds(contents, List.of());
    return contents;
  }

  @Test
  void aSignalToTheLauncherCancelsTheRunAndNothingIsHalfPublishedOrLeftRunning() throws Exception {
    start("run");
    assertThat(child.awaitLine("start      slow")).as(child.printed()).isTrue();
    List<ProcessHandle> family = child.family();
    long before = System.nanoTime();
    child.signal("TERM");
    assertThat(child.end()).as(child.printed()).isEqualTo(130);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    assertThat(child.printed()).contains("stopping", "cancelled");
    assertThat(family).noneMatch(ProcessHandle::isAlive);
    assertThat(newest().status()).isEqualTo("cancelled");
    assertThat(checked()).containsOnlyKeys("rows");
    Files.createFile(go);
    nextRunEndsIt();
  }

  @Tag("long")
  @Test
  void aStepThatCallsExitIsNoSuccessForWhoeverWaitsForTheProcess() throws Exception {
    Files.createFile(go);
    start("run", "--set", "params.then=exit");
    assertThat(child.end()).as(child.printed()).isEqualTo(3);
    assertThat(child.printed())
        .contains("step-failed: exit was called at", Waits.class.getName() + ".run(");
    Ran list = Ran.in(temp, "runs", "list", "--warehouse", warehouse.toString());
    assertThat(list.out()).contains("lost");
    nextRunEndsIt();
  }

  @Tag("long")
  @Test
  void aSecondSignalEndsItAtOnceAndTheNextRunCleansUp() throws Exception {
    start("run", "--set", "params.deaf=true");
    assertThat(child.awaitLine("start      slow")).as(child.printed()).isTrue();
    child.signal("TERM");
    assertThat(child.awaitLine("stopping")).as(child.printed()).isTrue();
    long before = System.nanoTime();
    child.signal("TERM");
    assertThat(child.end()).as(child.printed()).isEqualTo(130);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    Files.createFile(go);
    nextRunEndsIt();
  }
}
