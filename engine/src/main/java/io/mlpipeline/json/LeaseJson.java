package io.mlpipeline.json;

import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.model.LeaseEnd;
import java.time.Instant;

/** The stored forms of a lease: who took it, its heartbeat, how it ended. */
public final class LeaseJson {

  private static final int FORMAT = 1;

  private LeaseJson() {}

  public static byte[] write(LeaseClaim claim) {
    return JsonOut.compact(
        out ->
            out.number("format", FORMAT)
                .text("pipeline", claim.pipeline())
                .number("epoch", claim.epoch())
                .text("environment", claim.environment())
                .text("run_id", claim.run())
                .text("user", claim.user())
                .text("host", claim.host())
                .text("machine", claim.machine())
                .number("pid", claim.pid())
                .text("process", claim.process())
                .text("since", claim.since().toString())
                .number("seconds", claim.seconds()));
  }

  public static LeaseClaim readClaim(byte[] document) throws FormException {
    return JsonIn.read(document, FORMAT, LeaseJson::claim);
  }

  private static LeaseClaim claim(JsonIn in) throws FormException {
    return new LeaseClaim(
        in.text("pipeline"),
        in.number("epoch"),
        in.text("environment"),
        in.text("run_id"),
        in.text("user"),
        in.text("host"),
        in.text("machine"),
        in.number("pid"),
        in.text("process"),
        Forms.instant(in, "since"),
        in.integer("seconds"));
  }

  /** A heartbeat: its number, and the time of the machine that it comes from. */
  public static byte[] writeBeat(long number, Instant at) {
    return JsonOut.compact(
        out -> out.number("format", FORMAT).number("number", number).text("at", at.toString()));
  }

  /** When the heartbeat was, by its machine's clock. */
  public static Instant readBeat(byte[] document) throws FormException {
    return JsonIn.read(document, FORMAT, in -> Forms.instant(in, "at"));
  }

  public static byte[] write(LeaseEnd end) {
    return JsonOut.compact(
        out ->
            out.number("format", FORMAT)
                .text("how", end.how().word())
                .text("by", end.by())
                .text("reason", end.reason())
                .text("at", end.at().toString()));
  }

  public static LeaseEnd readEnd(byte[] document) throws FormException {
    return JsonIn.read(
        document,
        FORMAT,
        in ->
            new LeaseEnd(
                in.constant("how", LeaseEnd.How.class),
                in.text("by"),
                in.findText("reason"),
                Forms.instant(in, "at")));
  }
}
