/**
 * Makes sample data from a seed: for the committed sample, for benchmarks, for a first look.
 *
 * <p>Imports the JDK only.
 */
@NullMarked
package io.mlpipeline.steps.sample;

import org.jspecify.annotations.NullMarked;
