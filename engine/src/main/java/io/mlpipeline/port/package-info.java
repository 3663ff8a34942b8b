/**
 * Everything outside as interfaces: objects, table logs, sessions, history, receipts.
 *
 * <p>Called by the runner and the root's wiring; implemented by {@code delta} and {@code spark}.
 * Imports {@code model} and {@code step}. Each has a contract suite that every implementation runs.
 */
@NullMarked
package io.mlpipeline.port;

import org.jspecify.annotations.NullMarked;
