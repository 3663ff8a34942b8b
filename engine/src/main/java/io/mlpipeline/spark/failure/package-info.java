/**
 * What Spark saw of an attempt before it failed ({@code JobWatch}, a listener), and what the end of
 * an executor means ({@code ExecutorExit}).
 *
 * <p>Called by the attempt's session and by {@code SparkFailures}. Imports model and Spark.
 */
@NullMarked
package io.mlpipeline.spark.failure;

import org.jspecify.annotations.NullMarked;
