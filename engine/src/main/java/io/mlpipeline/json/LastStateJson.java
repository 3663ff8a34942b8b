package io.mlpipeline.json;

import io.mlpipeline.model.LastState;

/** The stored form of a {@link LastState}: each step's entry under the step's name. */
public final class LastStateJson {

  private static final int FORMAT = 1;

  private LastStateJson() {}

  /** One line of JSON; equal states give equal bytes. */
  public static byte[] write(LastState state) {
    return JsonOut.compact(
        out ->
            out.number("format", FORMAT)
                .text("pipeline", state.pipeline())
                .object(
                    "steps",
                    state.steps(),
                    (o, steps) -> steps.forEach((k, v) -> o.object(k, v, ReuseEntryJson::body))));
  }

  public static LastState read(byte[] document) throws FormException {
    return JsonIn.read(
        document,
        FORMAT,
        in -> new LastState(in.text("pipeline"), in.objectMap("steps", ReuseEntryJson::body)));
  }
}
