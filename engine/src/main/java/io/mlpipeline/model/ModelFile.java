package io.mlpipeline.model;

/**
 * One file of a model directory.
 *
 * @param path relative to the directory
 * @param size bytes
 * @param sha256 64 hex digits
 */
public record ModelFile(String path, long size, String sha256) {}
