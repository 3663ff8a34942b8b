/**
 * Why a model said what it said of one row, by its raw columns. May import what {@code spark} may.
 */
@NullMarked
package io.mlpipeline.spark.explain;

import org.jspecify.annotations.NullMarked;
