package io.mlpipeline.delta;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process that runs a main class of the tests; starts its work when it is told to. */
final class ChildJvm {

  private final Process process;

  private ChildJvm(Process process) {
    this.process = process;
  }

  static ChildJvm start(List<String> prefix, String classPath, Class<?> main, String... args)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(args));
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  static ChildJvm start(Class<?> main, String... args) throws IOException {
    return start(List.of(), System.getProperty("java.class.path"), main, args);
  }

  /** Only our own classes: no Hadoop, no Kernel, no Spark. */
  static String ownClasses() {
    return location(LinkedFiles.class) + java.io.File.pathSeparator + location(ChildJvm.class);
  }

  private static String location(Class<?> type) {
    return Path.of(
            java.net.URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  /** Tells children that are ready to start, all at about the same moment. */
  static void release(List<ChildJvm> children) throws IOException {
    for (ChildJvm child : children) {
      if (child.process.getInputStream().read() != '!') {
        throw new IOException("a child process did not come up");
      }
    }
    for (ChildJvm child : children) {
      child.process.getOutputStream().write('\n');
      child.process.getOutputStream().flush();
    }
  }

  /** What the child wrote to its standard output after it started; waits for its end. */
  List<String> lines() throws IOException, InterruptedException {
    String text =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("exit code " + process.exitValue() + ": " + text);
    }
    return text.isEmpty() ? List.of() : text.lines().toList();
  }

  /** In the child: says that it is up, and waits until all are. */
  static void awaitRelease() throws IOException {
    System.out.write('!');
    System.out.flush();
    if (System.in.read() < 0) {
      throw new IOException("the parent went away");
    }
  }
}
