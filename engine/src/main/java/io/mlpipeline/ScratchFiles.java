package io.mlpipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Places for what is made to be compared and thrown away. */
public final class ScratchFiles {

  private static final Logger LOG = LoggerFactory.getLogger(ScratchFiles.class);

  private ScratchFiles() {}

  /** A new local directory of this user alone. */
  public static Path local() {
    try {
      return Files.createTempDirectory("mlpipeline-config");
    } catch (IOException e) {
      throw new UncheckedIOException("making a directory for the configuration of then", e);
    }
  }

  /** Removes a local directory; what cannot be removed is told and stays. */
  public static void remove(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      LOG.warn("{} could not be removed: {}", directory, e.toString());
    }
  }

  /** Removes a directory of the warehouse; what cannot be removed is told and stays. */
  public static void remove(Warehouse warehouse, String directory) {
    try {
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(directory);
      path.getFileSystem(warehouse.hadoop().get()).delete(path, true);
    } catch (IOException e) {
      LOG.warn("{} could not be removed: {}", directory, e.toString());
    }
  }
}
