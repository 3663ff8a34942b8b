package evil;

import org.apache.spark.ml.util.MLReader;

/** Leaves a trace when it is loaded; no model may make that happen. */
public final class Smuggled {

  static {
    System.setProperty("evil.ran", "true");
  }

  private Smuggled() {}

  public static MLReader<?> read() {
    throw new IllegalStateException("ran");
  }
}
