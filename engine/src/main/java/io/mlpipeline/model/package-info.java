/**
 * The language of the engine as values: specs, ids, versions, verdicts, receipts, failures.
 *
 * <p>Everybody calls it; it imports the JDK only. No file, clock, environment, randomness or
 * logging.
 */
@NullMarked
package io.mlpipeline.model;

import org.jspecify.annotations.NullMarked;
