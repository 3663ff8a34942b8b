/**
 * The command line: parse, call the engine, print.
 *
 * <p>The only place that touches standard streams and the exit code.
 */
@NullMarked
package io.mlpipeline.cli;

import org.jspecify.annotations.NullMarked;
