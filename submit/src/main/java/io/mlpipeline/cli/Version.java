package io.mlpipeline.cli;

import io.mlpipeline.model.Platform;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {

  /** The version of the jar, or {@code development} where classes are run from a directory. */
  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "mlpipeline " + number(),
      "Spark "
          + Platform.SPARK
          + ", Delta "
          + Platform.DELTA
          + ", Java "
          + System.getProperty("java.version")
    };
  }
}
