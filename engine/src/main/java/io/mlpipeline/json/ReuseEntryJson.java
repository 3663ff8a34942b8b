package io.mlpipeline.json;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.Verdict;

/**
 * The stored form of a {@link ReuseEntry}, sealed: what is reused decides what readers see, so an
 * entry that was altered is none. Those of format 1 have no seal, and are taken as they are.
 */
public final class ReuseEntryJson {

  private static final int FORMAT = 2;

  private ReuseEntryJson() {}

  /** One line of JSON; equal entries give equal bytes. */
  public static byte[] write(ReuseEntry entry) {
    return Sealed.write(FORMAT, out -> body(out, entry));
  }

  public static ReuseEntry read(byte[] document) throws FormException {
    return Sealed.readSince(2, document, FORMAT, ReuseEntryJson::body);
  }

  static void body(JsonOut out, ReuseEntry entry) {
    out.text("pipeline", entry.pipeline())
        .text("step", entry.step())
        .text("fingerprint", entry.fingerprint().sha256());
    Forms.ingredients(out, entry.fingerprint().ingredients());
    out.text("verdict_key", entry.verdictKey())
        .text("verdict", Forms.word(entry.verdict()))
        .text("run_id", entry.run())
        .text("attempt", entry.attempt())
        .text("at", entry.at().toString())
        .array("outputs", entry.outputs(), Forms::output)
        .decimalMap("metrics", entry.metrics())
        .array("rejected", entry.rejected(), Forms::stagedTable)
        .array("rejected_models", entry.rejectedModels(), Forms::stagedModel)
        .array("gates", entry.gates(), Forms::gate);
  }

  static ReuseEntry body(JsonIn in) throws FormException {
    return new ReuseEntry(
        in.text("pipeline"),
        in.text("step"),
        new Fingerprint(in.text("fingerprint"), Forms.ingredients(in)),
        in.text("verdict_key"),
        in.constant("verdict", Verdict.class),
        in.text("run_id"),
        in.text("attempt"),
        Forms.instant(in, "at"),
        in.array("outputs", Forms::output),
        in.decimalMap("metrics"),
        in.array("rejected", Forms::stagedTable),
        in.array("rejected_models", Forms::stagedModel),
        in.array("gates", Forms::gate));
  }
}
