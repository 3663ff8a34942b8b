package io.mlpipeline.delta;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logger of the classes that the light front uses. A class of its own, because finding a
 * logging back end costs more than everything that a run without work does.
 */
final class Warnings {

  static final Logger LOG = LoggerFactory.getLogger("io.mlpipeline.delta");

  private Warnings() {}
}
