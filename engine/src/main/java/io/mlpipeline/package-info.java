/**
 * The way in: {@code Planning} (what the light front uses; no Spark type in any signature) and
 * {@code Engine} (run, embed). Wiring and no logic.
 */
@NullMarked
package io.mlpipeline;

import org.jspecify.annotations.NullMarked;
