/**
 * Implements the ports that need a SparkSession: one session an attempt.
 *
 * <p>Called by the root's wiring. Imports model, port, step, delta, json, Spark.
 */
@NullMarked
package io.mlpipeline.spark;

import org.jspecify.annotations.NullMarked;
