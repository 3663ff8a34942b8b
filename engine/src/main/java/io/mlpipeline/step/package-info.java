/**
 * What the author of a step sees: {@code Step}, {@code StepContext}, {@code StepOutput}.
 *
 * <p>Called by every step and by the runner. Imports {@code model} and Spark's public types. A step
 * returns tables, models and metrics; it cannot write, so it cannot half-write.
 */
@NullMarked
package io.mlpipeline.step;

import org.jspecify.annotations.NullMarked;
