package io.mlpipeline.model;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content digest {@code c1} of a table: independent of order and partitioning, and additive.
 *
 * <p>Two salted 64-bit hashes a row, each summed modulo 2^64. The digest of a union is the sum of
 * the digests. Names and types of columns are not in it; see {@link OutputVersion#identity}.
 *
 * @param rows the number of rows
 * @param high the first sum
 * @param low the second sum
 */
public record ContentDigest(long rows, long high, long low) {

  /** The digest of no rows. */
  public static final ContentDigest EMPTY = new ContentDigest(0, 0, 0);

  private static final Pattern FORM =
      Pattern.compile("c1:([0-9]{1,19}):([0-9a-f]{16})([0-9a-f]{16})");

  /** The digest of the rows of both. */
  public ContentDigest plus(ContentDigest other) {
    return new ContentDigest(rows + other.rows, high + other.high, low + other.low);
  }

  /** Reads {@code c1:<rows>:<32 hex>}; throws {@link IllegalArgumentException} on anything else. */
  public static ContentDigest parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException("not a content digest: " + text);
    }
    return new ContentDigest(
        Long.parseLong(m.group(1)),
        Long.parseUnsignedLong(m.group(2), 16),
        Long.parseUnsignedLong(m.group(3), 16));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "c1:%d:%016x%016x", rows, high, low);
  }
}
