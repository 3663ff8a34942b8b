package io.mlpipeline.spark;

import io.mlpipeline.port.Ledger;
import io.mlpipeline.port.ModelRegistry;
import org.jspecify.annotations.Nullable;

/**
 * What is on record of earlier runs.
 *
 * @param ledger the lineage
 * @param registry the registered models; null where there are none to be looked up
 */
record Records(Ledger ledger, @Nullable ModelRegistry registry) {}
