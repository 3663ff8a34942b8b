package io.mlpipeline.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;

/** SHA-256 over a sequence of texts and counts, each with its length, so that none runs over. */
public final class Canonical {

  private byte[] buffer = new byte[2048];
  private int size;

  /** A number, as four bytes. */
  public Canonical count(int value) {
    room(4);
    buffer[size++] = (byte) (value >>> 24);
    buffer[size++] = (byte) (value >>> 16);
    buffer[size++] = (byte) (value >>> 8);
    buffer[size++] = (byte) value;
    return this;
  }

  /** A text in UTF-8, after its length in bytes. */
  public Canonical text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    count(bytes.length);
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /** Texts, after their number. */
  public Canonical texts(Collection<String> values) {
    count(values.size());
    values.forEach(this::text);
    return this;
  }

  private void room(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, size + more));
    }
  }

  /** 64 hex digits. */
  public String hex() {
    MessageDigest sha = sha256();
    sha.update(buffer, 0, size);
    return HexFormat.of().formatHex(sha.digest());
  }

  /** The first 32 hex digits: 128 bits, to keep what stores many of them small. */
  public String shortHex() {
    return hex().substring(0, 32);
  }

  /** A fresh SHA-256. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
