/**
 * Persistence of MLlib models: normalized digests, checks before loading.
 *
 * <p>Called by the attempt's session. Imports model, port, json, Spark MLlib.
 */
@NullMarked
package io.mlpipeline.spark.ml;

import org.jspecify.annotations.NullMarked;
