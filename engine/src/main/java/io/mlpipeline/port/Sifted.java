package io.mlpipeline.port;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.StagedTable;

/**
 * Staged rows, divided: each is in exactly one of two new staged tables.
 *
 * @param kept the rows that break none of the rules
 * @param apart the rows that do, as rows of the dataset's quarantine
 * @param moved the digest of the rows that were set apart, over the dataset's own columns: with the
 *     digest of what was kept it must sum up to that of all rows
 */
public record Sifted(StagedTable kept, StagedTable apart, ContentDigest moved) {}
