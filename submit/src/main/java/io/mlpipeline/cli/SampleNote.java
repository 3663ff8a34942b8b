package io.mlpipeline.cli;

import io.mlpipeline.SampleMarkers;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import picocli.CommandLine.ParseResult;

/** Whoever looks into a warehouse of samples is told so first, whatever the command. */
final class SampleNote {

  private SampleNote() {}

  static void tell(Shell shell, ParseResult parsed) {
    ParseResult at = parsed;
    while (at.subcommand() != null) {
      at = at.subcommand();
    }
    String named = at.matchedOptionValue("--warehouse", "");
    if (named.isEmpty() || at.isUsageHelpRequested()) {
      return; // the default one is no sample's: a sample stands beside another
    }
    try {
      SampleMarkers.find(Warehouse.open(named, shell.workingDirectory()))
          .ifPresent(marker -> shell.err().println("note: this warehouse holds " + marker.words()));
    } catch (EngineException e) {
      shell.err().println("note: " + e.getMessage());
    }
  }
}
