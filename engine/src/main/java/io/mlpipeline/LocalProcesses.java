package io.mlpipeline;

import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.port.Processes;
import io.mlpipeline.run.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The processes of this machine. Where there is a {@code /proc}, a process is known by the boot,
 * the process namespace (two containers may both have a process 1), its id and the tick at which it
 * began, none of which moves with the clock; elsewhere by host and id.
 */
final class LocalProcesses implements Processes {

  private static final Path PROC = Path.of("/proc");

  /** The state and the tick, counted from behind the command, which may hold anything. */
  private static final int STATE = 0;

  private static final int BEGAN = 19;

  /** What tells this boot and namespace from others; empty if the platform does not say. */
  static String machine() {
    try {
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      return boot + "/" + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  /** What tells a process from a later one of the same id; empty if it is gone or unknown. */
  static String began(long pid) {
    return fields(pid).map(fields -> fields[BEGAN]).orElse("");
  }

  @Override
  public boolean isGone(LeaseClaim holder) {
    String here = machine();
    if (!here.isEmpty() || !holder.machine().isEmpty()) {
      return here.equals(holder.machine())
          && (isLeftOver(holder) || !isThere(holder.pid(), holder.process()));
    }
    return holder.host().equals(RunFacts.host()) && ProcessHandle.of(holder.pid()).isEmpty();
  }

  /** What this very process took and does not hold: it could not be given back. */
  private static boolean isLeftOver(LeaseClaim holder) {
    long self = ProcessHandle.current().pid();
    return holder.pid() == self
        && holder.process().equals(began(self))
        && !Lease.isHeldHere(holder.run());
  }

  private static boolean isThere(long pid, String began) {
    return fields(pid)
        .filter(fields -> !fields[STATE].equals("Z") && !fields[STATE].equals("X"))
        .filter(fields -> began.isEmpty() || fields[BEGAN].equals(began))
        .isPresent();
  }

  private static Optional<String[]> fields(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
      return fields.length > BEGAN ? Optional.of(fields) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
