/**
 * Proposes gates from data: profiles of one or several versions, what a careful person would ask
 * for given them, and the proof that the rows they came from pass.
 */
@NullMarked
package io.mlpipeline.spark.suggest;

import org.jspecify.annotations.NullMarked;
