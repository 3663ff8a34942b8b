package io.mlpipeline.json;

import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.Receipt;

/** The stored form of a {@link Receipt}. */
public final class ReceiptJson {

  private static final int FORMAT = 1;

  private ReceiptJson() {}

  /** One line of JSON; equal receipts give equal bytes. */
  public static byte[] write(Receipt receipt) {
    return JsonOut.compact(
        out ->
            out.number("format", FORMAT)
                .text("run_id", receipt.run())
                .number("ordinal", receipt.ordinal())
                .array("events", receipt.events(), ReceiptJson::event));
  }

  public static Receipt read(byte[] document) throws FormException {
    return JsonIn.read(
        document,
        FORMAT,
        in ->
            new Receipt(
                in.text("run_id"), in.integer("ordinal"), in.array("events", ReceiptJson::event)));
  }

  /** The fields of one event, into an object that is open. */
  public static void event(JsonOut out, LineageEvent event) {
    out.text("id", event.id())
        .text("kind", Forms.word(event.kind()))
        .text("run_id", event.runId())
        .text("pipeline", event.pipeline())
        .text("environment", event.environment())
        .text("step", event.step())
        .number("attempt", event.attempt())
        .text("status", event.status())
        .text("reason", event.reason())
        .text("fingerprint", event.fingerprint());
    Forms.ingredients(out, event.ingredients());
    out.array("inputs", event.inputs(), Forms::input)
        .array("outputs", event.outputs(), Forms::output)
        .decimalMap("metrics", event.metrics())
        .array("gates", event.gates(), Forms::gate)
        .object("failure", event.failure(), FailureJson::body)
        .textMap("facts", event.facts())
        .text("started", event.started().toString())
        .text("ended", event.ended().toString());
  }

  private static LineageEvent event(JsonIn in) throws FormException {
    return new LineageEvent(
        in.text("id"),
        in.constant("kind", LineageEvent.Kind.class),
        in.text("run_id"),
        in.text("pipeline"),
        in.text("environment"),
        in.findText("step"),
        in.integer("attempt"),
        in.text("status"),
        in.findText("reason"),
        in.findText("fingerprint"),
        Forms.ingredients(in),
        in.array("inputs", Forms::input),
        in.array("outputs", Forms::output),
        in.decimalMap("metrics"),
        in.array("gates", Forms::gate),
        in.findObject("failure", FailureJson::body),
        in.textMap("facts"),
        Forms.instant(in, "started"),
        Forms.instant(in, "ended"));
  }
}
