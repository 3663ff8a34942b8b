package io.mlpipeline.json;

import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.Verdict;

/** The stored form of a {@link Measurement}. */
public final class MeasurementJson {

  private static final int FORMAT = 1;

  private MeasurementJson() {}

  /** One line of JSON; equal measurements give equal bytes. */
  public static byte[] write(Measurement one) {
    return JsonOut.compact(
        out ->
            out.number("format", FORMAT)
                .text("pipeline", one.pipeline())
                .text("dataset", one.dataset())
                .text("run_id", one.run())
                .text("attempt", one.attempt())
                .text("at", one.at().toString())
                .text("content", one.content())
                .text("verdict", Forms.word(one.verdict()))
                .decimalMap("metrics", one.metrics()));
  }

  public static Measurement read(byte[] document) throws FormException {
    return JsonIn.read(
        document,
        FORMAT,
        in ->
            new Measurement(
                in.text("pipeline"),
                in.text("dataset"),
                in.text("run_id"),
                in.text("attempt"),
                Forms.instant(in, "at"),
                in.text("content"),
                in.constant("verdict", Verdict.class),
                in.decimalMap("metrics")));
  }
}
