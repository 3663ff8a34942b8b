package io.mlpipeline.registry;

import io.mlpipeline.model.OutputVersion;
import java.util.List;

/**
 * What a rollback brought back beside the model: what belonged to it when it was made.
 *
 * @param number the number of the event whose state was brought back
 * @param tables the tables that belong to it, at the versions that hold them since; empty if only
 *     the model was brought back
 * @param config the seal of the card that holds the pipeline's configuration of then
 */
public record RestoredSet(long number, List<OutputVersion> tables, String config) {

  public RestoredSet {
    tables = List.copyOf(tables);
  }
}
