/**
 * The way in: {@code Planning} (what the light front uses; no Spark type in any signature) and
 * {@code Engine} (run, embed), with what stands beside them: {@code GateChecks} and {@code
 * GateTrials} for gates, {@code SchemaRegistry} for contracts. Wiring and no logic.
 *
 * <p>Called by the command line and by whoever embeds the engine. Imports every other package.
 */
@NullMarked
package io.mlpipeline;

import org.jspecify.annotations.NullMarked;
