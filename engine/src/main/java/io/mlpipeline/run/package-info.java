/**
 * Executes a plan: order, parallelism, attempts, retry, and the life of one step: bind, read, run,
 * stage, audit, commit, record.
 *
 * <p>Called by the root's Engine. Imports model, plan, port and step; never Spark's session, Delta
 * or Deequ.
 */
@NullMarked
package io.mlpipeline.run;

import org.jspecify.annotations.NullMarked;
