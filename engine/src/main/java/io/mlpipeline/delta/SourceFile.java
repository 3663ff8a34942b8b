package io.mlpipeline.delta;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of an input as a listing shows it; nothing of it has been read.
 *
 * @param name relative to the input's location, with slashes
 * @param path absolute, as Hadoop writes paths: not percent-encoded
 * @param size bytes
 * @param modifiedNanos modification time, nanoseconds since the epoch
 * @param fileKey what a local file system knows it by; else empty
 * @param etag the store's tag of the content; null if it has none
 * @param local where to read it without Hadoop; null if it is not local
 */
record SourceFile(
    String name,
    String path,
    long size,
    long modifiedNanos,
    String fileKey,
    @Nullable String etag,
    @Nullable Path local) {

  long modifiedMillis() {
    return Math.floorDiv(modifiedNanos, 1_000_000L);
  }

  /** Spark never reads such names, so they must not be an input either. */
  static boolean isHidden(String name) {
    return name.startsWith(".")
        || (name.startsWith("_") && name.indexOf('=') < 0)
        || name.endsWith("._COPYING_");
  }
}
