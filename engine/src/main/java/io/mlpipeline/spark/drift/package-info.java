/**
 * Distributions of columns as small sketches that add up, and the distances between them.
 *
 * <p>{@link io.mlpipeline.spark.drift.Profiler} makes a profile in one pass, {@link
 * io.mlpipeline.spark.drift.Drift} compares two.
 *
 * <p>Called by gate, for rules about drift and categories. Imports model and Spark SQL.
 */
@NullMarked
package io.mlpipeline.spark.drift;

import org.jspecify.annotations.NullMarked;
