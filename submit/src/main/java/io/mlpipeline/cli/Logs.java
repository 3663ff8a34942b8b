package io.mlpipeline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Says where the driver's log goes, before anything logs. The launcher names {@code
 * submit/log4j2.properties}, which reads what is set here; under spark-submit the cluster's own
 * settings count.
 */
final class Logs {

  private Logs() {}

  static void begin(String warehouse, Path workingDirectory, boolean verbose) {
    System.setProperty("mlpipeline.log.console", verbose ? "info" : "warn");
    System.setProperty("mlpipeline.log.trace", verbose ? "full" : "0");
    System.setProperty("mlpipeline.log.level", verbose ? "debug" : "info");
    System.setProperty("mlpipeline.log.file", file(warehouse, workingDirectory));
  }

  /** The log file under a local warehouse; nowhere if there can be none. */
  private static String file(String warehouse, Path workingDirectory) {
    boolean remote = warehouse.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*");
    Path directory =
        remote ? Path.of("/") : workingDirectory.resolve(warehouse).resolve("_ml").resolve("logs");
    try {
      if (!remote) {
        Files.createDirectories(directory);
      }
      boolean writable = !remote && Files.isWritable(directory);
      return writable ? directory.resolve("mlpipeline.log").toString() : "/dev/null";
    } catch (IOException e) {
      return "/dev/null"; // the run itself says what is wrong with the warehouse
    }
  }
}
