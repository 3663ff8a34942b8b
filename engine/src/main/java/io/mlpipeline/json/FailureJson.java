package io.mlpipeline.json;

import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;

/** The form of a {@link FailureRecord}, alone or as a part of another document. */
public final class FailureJson {

  private static final int FORMAT = 1;

  private FailureJson() {}

  /** A document of its own, on one line. */
  public static byte[] write(FailureRecord failure) {
    return JsonOut.compact(
        out -> {
          out.number("format", FORMAT);
          body(out, failure);
        });
  }

  public static FailureRecord read(byte[] document) throws FormException {
    return JsonIn.read(document, FORMAT, FailureJson::body);
  }

  /** The fields, into an object that is open. */
  public static void body(JsonOut out, FailureRecord failure) {
    out.text("run_id", failure.runId())
        .text("pipeline", failure.pipeline())
        .text("step", failure.step())
        .text("status", failure.status())
        .text("error_type", failure.type().code())
        .text("message", failure.message())
        .number("attempt", failure.attempt())
        .flag("retryable", failure.retryable())
        .textMap("diagnostics", failure.diagnostics());
  }

  static FailureRecord body(JsonIn in) throws FormException {
    return new FailureRecord(
        in.text("run_id"),
        in.text("pipeline"),
        in.findText("step"),
        in.text("status"),
        in.constant("error_type", ErrorType.class),
        in.text("message"),
        in.integer("attempt"),
        in.flag("retryable"),
        in.textMap("diagnostics"));
  }
}
