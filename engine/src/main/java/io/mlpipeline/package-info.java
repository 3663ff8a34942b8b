/**
 * The way in: {@code Planning} (what the light front uses; no Spark type in any signature), {@code
 * Engine} (run, embed) and {@code Warehouse}, and how a run is opened, leased, stopped and resumed:
 * wiring of the packages below. {@code GateChecks}, {@code GateTrials} and {@code SchemaRegistry}
 * stand beside them for gates and contracts.
 *
 * <p>Called by the command line, by whoever embeds the engine, and by {@code rehearse}, {@code
 * reproduce} and {@code explain}, which stand on it. Imports every other package.
 */
@NullMarked
package io.mlpipeline;

import org.jspecify.annotations.NullMarked;
