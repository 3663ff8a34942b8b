package io.mlpipeline.json;

import io.mlpipeline.model.SampleMarker;

/** The stored form of {@link SampleMarker}: {@code _ml/sample.json}. */
public final class SampleMarkerJson {

  /** The key of the one marker of a warehouse, below {@code _ml/}. */
  public static final String KEY = "sample.json";

  private static final int FORMAT = 1;

  private SampleMarkerJson() {}

  public static byte[] write(SampleMarker marker) {
    return JsonOut.pretty(
        out ->
            out.number("format", FORMAT)
                .text("share", marker.share())
                .text("of", marker.of())
                .text("made", marker.made().toString()));
  }

  public static SampleMarker read(byte[] document) throws FormException {
    return JsonIn.read(
        document,
        FORMAT,
        in ->
            new SampleMarker(
                in.text("share"), in.text("of"), java.time.Instant.parse(in.text("made"))));
  }
}
