/**
 * Step {@code score}: what a registered model says of rows, which version says it, and how a
 * challenger would have said it.
 *
 * <p>Called by the engine. Imports the engine's step API and the columns' helpers beside it.
 */
@NullMarked
package io.mlpipeline.steps.score;

import org.jspecify.annotations.NullMarked;
