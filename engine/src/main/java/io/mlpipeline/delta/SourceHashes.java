package io.mlpipeline.delta;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** SHA-256 of files and of texts. */
final class SourceHashes {

  private static final int BUFFER = 1 << 16;

  private SourceHashes() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static String ofText(String text) {
    MessageDigest digest = sha256();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return hex(digest);
  }

  /**
   * The hash of a local file's bytes; reads as many as the listing said, never more, so that a file
   * without end is no trap.
   */
  static String ofLocal(SourceFile file, Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      String hash = ofBytes(in, file.size());
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      if (now.size() != file.size()
          || now.lastModifiedTime().to(TimeUnit.NANOSECONDS) != file.modifiedNanos()) {
        throw new EngineException(
            ErrorType.INPUT_GONE,
            path + " changed while it was read: wait until its writer is done, then run again.");
      }
      return hash;
    } catch (IOException e) {
      throw LocalSources.failed(path, e);
    }
  }

  static String ofBytes(InputStream in, long size) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, size))];
    long left = size;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new IOException("it ends " + left + " bytes early");
      }
      digest.update(buffer, 0, read);
      left -= read;
    }
    return hex(digest);
  }
}
