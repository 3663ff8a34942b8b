/**
 * Mirrors runs to an MLflow tracking server through MLflow's own client. Nothing depends on what
 * becomes of it.
 *
 * <p>Called by {@code Engine} after a run that executed something. Imports model and MLflow's
 * client, which is loaded only where a pipeline says {@code mlflow}; never Spark.
 */
@NullMarked
package io.mlpipeline.mlflow;

import org.jspecify.annotations.NullMarked;
