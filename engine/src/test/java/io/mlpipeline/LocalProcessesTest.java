package io.mlpipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.delta.StoredLeases;
import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.port.LeaseStore;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.Lease;
import io.mlpipeline.run.Leases;
import io.mlpipeline.run.Waiting;
import io.mlpipeline.testkit.InMemoryObjectStore;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class LocalProcessesTest {

  private final LocalProcesses processes = new LocalProcesses();
  private final LeaseStore store = new StoredLeases(new InMemoryObjectStore());
  private final Leases leases =
      new Leases(
          store,
          processes,
          InstantSource.system(),
          System::nanoTime,
          pause -> {
            throw new AssertionError("nothing to wait for");
          });

  private static LeaseClaim claim(String run, String machine, long pid, String process) {
    return new LeaseClaim(
        "p", 1, "local", run, "ann", RunFacts.host(), machine, pid, process, Instant.now(), 30);
  }

  private static LeaseClaim ours(String run) {
    long self = ProcessHandle.current().pid();
    return claim(run, LocalProcesses.machine(), self, LocalProcesses.began(self));
  }

  @Test
  void aProcessOfAnotherBootOrContainerIsNeverGone() {
    assertThat(processes.isGone(claim("r", "another boot/pid:[1]", 1L << 22, "7"))).isFalse();
  }

  @Test
  void aProcessIsGoneIfNoneOfItsIdAndStartIsThere() throws Exception {
    String here = LocalProcesses.machine();
    Process child = new ProcessBuilder("cat").start();
    LeaseClaim held = claim("r", here, child.pid(), LocalProcesses.began(child.pid()));
    assertThat(processes.isGone(held)).isFalse();
    child.getOutputStream().close();
    child.waitFor();
    assertThat(processes.isGone(held)).isTrue();
    assertThat(processes.isGone(claim("r", here, ProcessHandle.current().pid(), "1"))).isTrue();
  }

  @Test
  void whatThisProcessTookAndDoesNotHoldIsFreeAtOnce() throws Exception {
    LeaseClaim leftOver = ours("r1");
    assertThat(store.claim(leftOver)).isTrue();
    assertThat(processes.isGone(leftOver)).isTrue();
    try (Lease lease = leases.take(ours("r2"), Waiting.NONE, new RunListener() {})) {
      lease.check();
      assertThat(processes.isGone(ours("r2"))).isFalse();
      assertThat(lease.before()).map(LeaseClaim::run).contains("r1");
    }
  }
}
