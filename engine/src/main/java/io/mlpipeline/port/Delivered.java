package io.mlpipeline.port;

/**
 * What a sink received.
 *
 * @param rows rows of the version, all of which the sink's table holds now
 * @param changed rows that are new there or have other values now; 0 if it had them all before
 */
public record Delivered(long rows, long changed) {}
