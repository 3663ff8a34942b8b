/** Tests of the arithmetic of {@code evaluate}, with numbers alone. */
package io.mlpipeline.steps.evaluate;
