package io.mlpipeline.model;

/**
 * Where rows that a step read went, as far as the step knows: what was read is what is published,
 * set apart or deduplicated, and the engine holds the step to that sum.
 *
 * @param read rows or records that were read
 * @param deduplicated rows left out because another one of the same key stays
 */
public record RowAccount(long read, long deduplicated) {}
