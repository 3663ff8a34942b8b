package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.Sampling;
import io.mlpipeline.rehearse.Samples;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Asks for a run on some of the rows, or on none. */
final class SampleOptions {

  @Option(
      names = "--sample",
      paramLabel = "SHARE",
      description = {
        "On a share of the rows of what comes from outside, such as 1%%, chosen by key, in a"
            + " warehouse of its own beside the real one."
      })
  @Nullable String share;

  @Option(
      names = "--empty",
      description = "On no rows at all: tries every step by its columns; writes nothing.")
  private boolean empty;

  boolean isAsked() {
    return share != null;
  }

  /** Whether no rows are asked for; never together with some. */
  boolean isEmpty() {
    if (empty && share != null) {
      throw EngineException.misused("--empty and --sample exclude each other", "keep one of them");
    }
    return empty;
  }

  /** The pipeline on a sample; hands over where Spark is not there. */
  Samples.Prepared prepare(Planning real, RunRequest request) {
    HandOver.ifLight();
    return Samples.open(real, request, Sampling.share(String.valueOf(share)));
  }

  /** Says what a run on the sample would do; marks and makes nothing. */
  void plan(Planning real, RunRequest request, Shell shell, CommonOptions common) {
    Samples.Prepared prepared = prepare(real, request);
    tell(prepared, shell, common);
    Planning planning = prepared.planning();
    new PlanView(shell, common).print(planning, planning.plan(prepared.request()));
  }

  /** Says what is different, where people read. */
  static void tell(Samples.Prepared prepared, Shell shell, CommonOptions common) {
    var out = common.json() ? shell.err() : shell.out();
    out.println(
        "sample   "
            + prepared.marker().share()
            + " of "
            + prepared.real().uri()
            + ", in "
            + prepared.planning().warehouse().uri());
    prepared.notes().forEach(note -> out.println("sample   " + note));
    out.println();
  }
}
