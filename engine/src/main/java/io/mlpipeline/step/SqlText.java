package io.mlpipeline.step;

/**
 * A param that holds SQL: written in the pipeline, or in a file beside it whose name ends in {@code
 * .sql}. Comments and layout are not part of the fingerprint.
 *
 * @param text the SQL, never the file's name
 */
public record SqlText(String text) {}
