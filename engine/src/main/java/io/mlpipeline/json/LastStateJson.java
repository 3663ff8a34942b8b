package io.mlpipeline.json;

import io.mlpipeline.model.LastState;

/**
 * The stored form of a {@link LastState}: each step's entry under the step's name; sealed, except
 * in format 1.
 */
public final class LastStateJson {

  private static final int FORMAT = 2;

  private LastStateJson() {}

  /** One line of JSON; equal states give equal bytes. */
  public static byte[] write(LastState state) {
    return Sealed.write(
        FORMAT,
        out ->
            out.text("pipeline", state.pipeline())
                .object(
                    "steps",
                    state.steps(),
                    (o, steps) -> steps.forEach((k, v) -> o.object(k, v, ReuseEntryJson::body))));
  }

  public static LastState read(byte[] document) throws FormException {
    return Sealed.readSince(
        2,
        document,
        FORMAT,
        in -> new LastState(in.text("pipeline"), in.objectMap("steps", ReuseEntryJson::body)));
  }
}
