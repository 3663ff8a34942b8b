/**
 * Decides what a run must do: graph, fingerprints, decisions, reasons, explanations.
 *
 * <p>Called by the root's wiring and by the runner after each step. Imports {@code model} only: no
 * Spark, file, clock, environment, randomness or logging, so every decision is a golden file.
 */
@NullMarked
package io.mlpipeline.plan;

import org.jspecify.annotations.NullMarked;
