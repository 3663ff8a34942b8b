package io.mlpipeline.cli;

/** Thrown by the light front where Spark is needed; the launcher starts the driver then. */
final class HandOver extends RuntimeException {

  private static final long serialVersionUID = 1L;

  HandOver() {
    super(null, null, false, false);
  }

  /** Hands over if this process is the light front; returns if it can go on itself. */
  static void ifLight() {
    if (isLight()) {
      throw new HandOver();
    }
  }

  static boolean isLight() {
    return Boolean.getBoolean("mlpipeline.front");
  }
}
