/**
 * Proposes gates from data: profiles of one or several versions, what a careful person would ask
 * for given them, and the proof that the rows they came from pass.
 *
 * <p>Called by the root's GateTrials. Imports model, gate (to prove what it proposes) and Spark
 * SQL.
 */
@NullMarked
package io.mlpipeline.spark.suggest;

import org.jspecify.annotations.NullMarked;
