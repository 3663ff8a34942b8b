package io.mlpipeline.json;

import io.mlpipeline.model.Waiver;
import java.time.LocalDate;

/** The stored form of a {@link Waiver}. */
public final class WaiverJson {

  private static final int FORMAT = 1;

  private WaiverJson() {}

  /** One line of JSON; equal waivers give equal bytes. */
  public static byte[] write(Waiver waiver) {
    return JsonOut.compact(
        out -> {
          out.number("format", FORMAT);
          body(out, waiver);
        });
  }

  public static Waiver read(byte[] document) throws FormException {
    return JsonIn.read(document, FORMAT, WaiverJson::body);
  }

  /** The fields of a waiver, into an object that is open. */
  public static void body(JsonOut out, Waiver waiver) {
    out.text("pipeline", waiver.pipeline())
        .text("dataset", waiver.dataset())
        .text("rule", waiver.rule())
        .text("text", waiver.text())
        .text("run_id", waiver.run())
        .text("reason", waiver.reason())
        .text("by", waiver.by())
        .text("at", waiver.at().toString())
        .text("until", waiver.until().toString());
  }

  static Waiver body(JsonIn in) throws FormException {
    return new Waiver(
        in.text("pipeline"),
        in.text("dataset"),
        in.text("rule"),
        in.text("text"),
        in.text("run_id"),
        in.text("reason"),
        in.text("by"),
        Forms.instant(in, "at"),
        LocalDate.parse(in.text("until")));
  }
}
