/**
 * How long a cold run takes, against the same work written by hand; {@code docs/benchmarks.md} says
 * how to run it.
 */
@NullMarked
package io.mlpipeline.bench;

import org.jspecify.annotations.NullMarked;
