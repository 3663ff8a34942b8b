package io.mlpipeline.spark.ml;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over length-prefixed values, so that no two lists of values have the same bytes. */
final class Sha256 {

  private final MessageDigest digest;

  Sha256() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  Sha256 number(long value) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    return this;
  }

  Sha256 bytes(byte[] value) {
    number(value.length);
    digest.update(value);
    return this;
  }

  Sha256 text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes of a stream, without a length. */
  void part(byte[] buffer, int length) {
    digest.update(buffer, 0, length);
  }

  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
