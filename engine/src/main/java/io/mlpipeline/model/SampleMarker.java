package io.mlpipeline.model;

import java.time.Instant;

/**
 * What makes a warehouse one of samples, for ever: nothing that is not a sample goes there.
 *
 * @param share the share of rows, such as {@code 1%}
 * @param of the warehouse that it stands beside
 * @param made when its first run began; housekeeping goes by it
 */
public record SampleMarker(String share, String of, Instant made) {

  /** A sample in words. */
  public String words() {
    return "samples of " + share + ", made " + made + " beside " + of;
  }
}
