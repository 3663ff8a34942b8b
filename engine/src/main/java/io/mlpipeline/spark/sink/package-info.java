/**
 * Delivers published tables to tables of databases: staged there, counted, upserted in one
 * transaction ({@code PostgresSink}).
 *
 * <p>Called by the attempt's session. Imports model, port, Spark SQL and JDBC; no driver.
 */
@NullMarked
package io.mlpipeline.spark.sink;

import org.jspecify.annotations.NullMarked;
