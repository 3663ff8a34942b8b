/**
 * HOCON to model, with every problem in one report.
 *
 * <p>Called by the root's Planning. Imports model and Typesafe Config; nothing past it sees
 * com.typesafe.config.
 */
@NullMarked
package io.mlpipeline.config;

import org.jspecify.annotations.NullMarked;
