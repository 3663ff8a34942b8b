package io.mlpipeline.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where the process begins and ends: the only class that touches standard streams and exits. */
public final class Main {

  private Main() {}

  /**
   * Runs one command. Exits with its code, except where an exit would kill a platform's own driver
   * (Databricks), where a failure is thrown instead.
   */
  public static void main(String[] args) {
    int code = run(args);
    Signals.leaveIfStopped();
    if (System.getenv("DATABRICKS_RUNTIME_VERSION") == null) {
      exit(code);
    } else if (code != ExitCode.DONE) {
      throw new IllegalStateException("mlpipeline ended with exit code " + code);
    }
  }

  // process-boundary: on
  private static int run(String[] args) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Shell shell = new Shell(out, err, Terminal.fromProperties(), Path.of(""), System.getenv());
    int code = Cli.execute(shell, args);
    out.flush();
    err.flush();
    boolean lost = out.checkError() || System.out.checkError();
    return lost && code == ExitCode.DONE ? ExitCode.ENVIRONMENT : code;
  }

  private static void exit(int code) {
    System.exit(code);
  }
  // process-boundary: off
}
