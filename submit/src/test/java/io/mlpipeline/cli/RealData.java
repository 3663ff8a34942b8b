package io.mlpipeline.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Public data, where {@code MLPIPELINE_DATA} or the folder beside us has it. */
final class RealData {

  private RealData() {}

  /** The folder of all data; the test is skipped if this file is not in it. */
  static Path folderWith(String file) {
    String set = System.getenv("MLPIPELINE_DATA");
    Path data =
        set == null ? EngineHarness.CONF.getParent().resolve("../shared/data") : Path.of(set);
    Path folder = data.toAbsolutePath().normalize();
    assumeTrue(
        Files.isRegularFile(folder.resolve(file)),
        file + " is not here: set MLPIPELINE_DATA to the folder that holds it");
    return folder;
  }
}
