/**
 * Digests of bytecode and SQL text, and what can be known of a step without loading its class.
 *
 * <p>Called by the root's Planning. Imports model and ASM.
 */
@NullMarked
package io.mlpipeline.code;

import org.jspecify.annotations.NullMarked;
