/**
 * Ready-made steps, written against the step API only.
 *
 * <p>Found by name through bytecode; imports {@code model}, {@code step} and Spark.
 */
@NullMarked
package io.mlpipeline.steps;

import org.jspecify.annotations.NullMarked;
