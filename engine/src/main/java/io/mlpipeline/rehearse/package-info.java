/**
 * Runs on other rows than those that are published: a sample of them, none at all, rows that a case
 * gives by hand. The real runner does it, over a rewritten pipeline; {@code Rehearsals} and {@code
 * Samples} are the ways in.
 *
 * <p>Called by the command line. Stands on the root package and imports what that may import.
 */
@NullMarked
package io.mlpipeline.rehearse;

import org.jspecify.annotations.NullMarked;
