package io.mlpipeline.spark.gate;

import io.mlpipeline.model.ContentDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.util.AccumulatorV2;

/**
 * Brings the digests of parts of files from the tasks that read them. A part that two tasks read
 * counts once, so a task that Spark runs again does no harm.
 */
final class DigestParts extends AccumulatorV2<Void, ContentDigest> {

  private static final long serialVersionUID = 1L;

  /** Rows and the two sums, by part; a digest itself does not travel. */
  private final ConcurrentHashMap<String, long[]> parts = new ConcurrentHashMap<>();

  /** A part was read to its end. */
  void put(String part, long rows, long high, long low) {
    parts.put(part, new long[] {rows, high, low});
  }

  /** The digests of whole files; the name of a part ends with where in its file it begins. */
  Map<String, ContentDigest> byFile() {
    Map<String, ContentDigest> files = new HashMap<>();
    parts.forEach(
        (part, sums) ->
            files.merge(
                part.substring(0, part.lastIndexOf('+')),
                new ContentDigest(sums[0], sums[1], sums[2]),
                ContentDigest::plus));
    return files;
  }

  @Override
  public boolean isZero() {
    return parts.isEmpty();
  }

  @Override
  public DigestParts copy() {
    DigestParts copy = new DigestParts();
    copy.parts.putAll(parts);
    return copy;
  }

  @Override
  public void reset() {
    parts.clear();
  }

  @Override
  public void add(Void nothing) {
    throw new UnsupportedOperationException("a digest without its part");
  }

  @Override
  public void merge(AccumulatorV2<Void, ContentDigest> other) {
    parts.putAll(((DigestParts) other).parts);
  }

  @Override
  public ContentDigest value() {
    return parts.values().stream()
        .map(part -> new ContentDigest(part[0], part[1], part[2]))
        .reduce(ContentDigest.EMPTY, ContentDigest::plus);
  }
}
