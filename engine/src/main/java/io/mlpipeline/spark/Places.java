package io.mlpipeline.spark;

/**
 * Where an attempt reads and where it writes: the same warehouse, unless it is made to be compared
 * and thrown away.
 *
 * @param inputs the warehouse that models are read from
 * @param outputs the root under which tables and models are staged
 * @param standIns what is read in the place of what is published
 */
record Places(String inputs, String outputs, StandIns standIns) {

  /** Everything is read as it is. */
  Places(String inputs, String outputs) {
    this(inputs, outputs, StandIns.NONE);
  }
}
