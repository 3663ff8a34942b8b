package io.mlpipeline.cli;

import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.RunStatus;
import java.util.Optional;

/** Tells a run that goes on from one whose driver died. */
final class Liveness {

  private Liveness() {}

  /** The status; {@code lost} if the run has not ended and its process on this host is gone. */
  static String status(LineageEvent run) {
    if (!run.status().equals("running")) {
      return run.status();
    }
    String pid = run.facts().getOrDefault("pid", "");
    boolean sameHost = thisHost().equals(run.facts().get("host"));
    if (!sameHost || !pid.matches("[0-9]{1,18}")) {
      return run.status();
    }
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
    return process.isPresent() ? run.status() : RunStatus.LOST.word();
  }

  private static String thisHost() {
    return io.mlpipeline.Planning.host();
  }
}
