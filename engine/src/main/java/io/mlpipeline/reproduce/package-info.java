/**
 * Makes again what a run made, from what it had pinned, and says whether the same comes out; or
 * runs a step twice and says what of it varies. {@code Reproducer} is the way in.
 *
 * <p>Called by the command line. Stands on the root package and imports what that may import.
 */
@NullMarked
package io.mlpipeline.reproduce;

import org.jspecify.annotations.NullMarked;
