/**
 * Implements ports without a SparkSession: Delta Kernel, log stores, put-if-absent objects.
 *
 * <p>Called by the root's wiring. Imports model, port, json, Delta Kernel and Hadoop.
 */
@NullMarked
package io.mlpipeline.delta;

import org.jspecify.annotations.NullMarked;
