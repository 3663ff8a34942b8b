package io.mlpipeline.json;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.OutputVersion;
import org.jspecify.annotations.Nullable;

/** What a replay of a quarantine came to, for scripts. */
public final class ReplayJson {

  private static final int FORMAT = 1;

  private ReplayJson() {}

  /** JSON for people and scripts, with a newline at its end. */
  public static byte[] write(
      String run,
      String dataset,
      long added,
      long remaining,
      @Nullable OutputVersion output,
      @Nullable GateReport gate) {
    return JsonOut.pretty(
        out ->
            out.number("format", FORMAT)
                .text("run_id", run)
                .text("dataset", dataset)
                .number("added", added)
                .number("remaining", remaining)
                .object("output", output, Forms::output)
                .object("gate", gate, Forms::gate));
  }
}
