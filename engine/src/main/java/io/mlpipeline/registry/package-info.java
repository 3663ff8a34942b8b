/**
 * Registered models as values: versions, their events and cards, the state that the events fold to,
 * and the rules of versions and of moves between promotion stages. Pure: no clock, no store.
 *
 * <p>Called by the runner, by {@code delta}, which keeps all of it, and by the root's commands.
 * Imports {@code model}. A reader starts with {@link io.mlpipeline.registry.RegistryEvent} and
 * {@link io.mlpipeline.registry.ModelState}.
 */
@NullMarked
package io.mlpipeline.registry;

import org.jspecify.annotations.NullMarked;
