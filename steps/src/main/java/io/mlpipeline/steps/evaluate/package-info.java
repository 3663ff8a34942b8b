/**
 * The arithmetic of {@code evaluate}: metrics, gains over a champion and gaps between groups, from
 * arrays of numbers to named numbers.
 *
 * <p>Called by the step {@code evaluate}, and by {@code choose} for which values are better. Pure:
 * imports the JDK only; no Spark, file, clock or unkeyed randomness. No result depends on the order
 * of the rows.
 */
@NullMarked
package io.mlpipeline.steps.evaluate;

import org.jspecify.annotations.NullMarked;
