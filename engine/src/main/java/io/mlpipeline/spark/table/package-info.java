/**
 * Reading pinned inputs and staging rows as files that nobody can see, rows of a quarantine among
 * them; and guessing a first contract from files ({@code SchemaGuess}).
 *
 * <p>Called by the attempt's session, by gate (the schema digest) and by the root's gates and
 * contracts. Imports model, port, step, Spark SQL.
 */
@NullMarked
package io.mlpipeline.spark.table;

import org.jspecify.annotations.NullMarked;
