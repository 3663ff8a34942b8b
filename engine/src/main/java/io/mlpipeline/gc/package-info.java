/**
 * Housekeeping: finds out from what is recorded, never from age alone, which files nobody needs,
 * and removes them in an order in which a kill leaves nothing half.
 *
 * <p>Called by the root. Imports {@code model}, {@code registry} and {@code port}. A reader starts
 * with {@link io.mlpipeline.gc.Collector}.
 */
@NullMarked
package io.mlpipeline.gc;

import org.jspecify.annotations.NullMarked;
