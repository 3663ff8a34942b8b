package io.mlpipeline.model;

/**
 * One input file as it was at planning time.
 *
 * @param path an absolute URI; never part of a key
 * @param name the path relative to the input's location; part of no key either, for messages
 * @param size bytes
 * @param modifiedMillis modification time, milliseconds since the epoch
 * @param digest {@code sha256:<hex>}, {@code etag:<tag>}, or {@code weak:<size>:<mtime>}
 */
public record PinnedFile(String path, String name, long size, long modifiedMillis, String digest) {}
