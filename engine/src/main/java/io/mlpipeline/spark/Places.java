package io.mlpipeline.spark;

/**
 * Where an attempt reads and where it writes: the same warehouse, unless it is made to be compared
 * and thrown away.
 *
 * @param inputs the warehouse that models are read from
 * @param outputs the root under which tables and models are staged
 */
record Places(String inputs, String outputs) {}
