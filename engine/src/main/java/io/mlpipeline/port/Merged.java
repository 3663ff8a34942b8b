package io.mlpipeline.port;

import io.mlpipeline.model.StagedTable;

/**
 * What a table would hold with a batch in it.
 *
 * @param whole all of its files: published ones that the batch does not touch, and staged ones
 * @param rewritten only those with the rows that had to be written again; may be empty
 */
public record Merged(StagedTable whole, StagedTable rewritten) {}
