package io.mlpipeline.cli;

import io.mlpipeline.model.ErrorCategory;
import java.util.Arrays;
import java.util.Optional;

/**
 * Notices that the JVM ends while a run goes on: a step has called for its exit, or a library has.
 * Whoever waits for the process must not hear that all went well, so it ends as failed, whatever
 * code was asked for. What the run was doing is found as after a kill.
 */
final class Exits implements AutoCloseable {

  private static final int DEEPEST = 200;

  private final Shell shell;
  private final Thread hook = new Thread(this::ends, "exits");

  private Exits(Shell shell) {
    this.shell = shell;
  }

  /** Watches until it is closed, unless the process is that of a platform. */
  static Exits watch(Shell shell) {
    Exits exits = new Exits(shell);
    if (System.getenv("DATABRICKS_RUNTIME_VERSION") == null) {
      Runtime.getRuntime().addShutdownHook(exits.hook);
    }
    return exits;
  }

  private void ends() {
    String who =
        Thread.getAllStackTraces().values().stream()
            .flatMap(stack -> caller(stack).stream())
            .findFirst()
            .map(frame -> "exit was called at " + frame)
            .orElse("something has ended this process");
    shell.err().println("step-failed: " + who + " while a run went on");
    shell
        .err()
        .println(
            "  A step returns or throws; it never ends the process. The next run goes on from what"
                + " was published.");
    shell.err().flush();
    Runtime.getRuntime().halt(ErrorCategory.STEP.exitCode());
  }

  /** Who called it, below the JDK's own frames. */
  private static Optional<StackTraceElement> caller(StackTraceElement... stack) {
    int exit = -1;
    for (int i = 0; i < Math.min(stack.length, DEEPEST); i++) {
      String at = stack[i].getClassName() + "." + stack[i].getMethodName();
      if (at.equals("java.lang.Runtime.exit")) {
        exit = i;
      }
    }
    return exit < 0
        ? Optional.empty()
        : Arrays.stream(stack)
            .skip(exit + 1L)
            .filter(frame -> !frame.getClassName().startsWith("java.lang."))
            .findFirst();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process ends already, and the hook has its say
    }
  }
}
