/**
 * Reading pinned inputs and staging rows as files that nobody can see.
 *
 * <p>Called by the attempt's session. Imports model, port, step, Spark SQL.
 */
@NullMarked
package io.mlpipeline.spark.table;

import org.jspecify.annotations.NullMarked;
