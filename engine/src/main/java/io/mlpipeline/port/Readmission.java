package io.mlpipeline.port;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.StagedTable;

/**
 * Rows of a quarantine, judged once more.
 *
 * @param added the rows that break no rule now, staged as rows of the dataset
 * @param content the digest of those rows
 * @param remaining the rows that stay set apart
 */
public record Readmission(StagedTable added, ContentDigest content, SetApart remaining) {}
