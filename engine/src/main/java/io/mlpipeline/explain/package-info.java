/**
 * Answers questions about what was made: why a model predicted what it did, what a dataset came
 * from and what came of it.
 *
 * <p>Called by the command line. Stands on the root package and imports what that may import.
 */
@NullMarked
package io.mlpipeline.explain;

import org.jspecify.annotations.NullMarked;
