package io.mlpipeline.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command may touch: results go to {@code out}, everything else to {@code err}.
 *
 * @param out standard output
 * @param err standard error
 * @param terminal what the two are connected to
 * @param workingDirectory what relative paths are relative to
 * @param environment the environment variables
 */
record Shell(
    PrintWriter out,
    PrintWriter err,
    Terminal terminal,
    Path workingDirectory,
    Map<String, String> environment) {

  Shell {
    workingDirectory = workingDirectory.toAbsolutePath();
    environment = Map.copyOf(environment);
  }
}
