package io.mlpipeline.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JVM of its own, with Spark, that runs a main class on the class path of the tests. */
final class Child {

  /** What Spark needs of the JDK's insides. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private final Process process;
  private final List<String> lines;

  private Child(Process process) {
    this.process = process;
    this.lines = new ArrayList<>();
  }

  static Child start(Map<String, String> properties, Class<?> main, String... args)
      throws IOException {
    return start(
        properties.entrySet().stream().map(e -> "-D" + e.getKey() + "=" + e.getValue()).toList(),
        main,
        args);
  }

  /** Starts it with further options of the JVM. */
  static Child start(List<String> jvm, Class<?> main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1200m", "-Xmn400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote"));
    command.add("-XX:ReservedCodeCacheSize=240m");
    OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    command.add("-Djdk.reflect.useDirectMethodHandle=false");
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    return new Child(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /**
   * Starts the command line by its launcher, from a checkout that is built: the script is the real
   * one, and what it starts has the class path of the tests.
   *
   * @param checkout an empty folder
   */
  static Child launched(Path checkout, String... args) throws IOException {
    Path cache = Files.createDirectories(checkout.resolve("submit/.cache"));
    Files.createDirectories(checkout.resolve("submit/target"));
    Path script = checkout.resolve("submit/mlpipeline");
    Files.copy(Path.of("mlpipeline"), script, StandardCopyOption.REPLACE_EXISTING);
    String classPath = System.getProperty("java.class.path");
    Files.writeString(checkout.resolve("submit/target/class-path.txt"), classPath);
    Files.writeString(cache.resolve("front.cp"), classPath);
    Files.writeString(cache.resolve("driver.cp"), classPath);
    Files.writeString(cache.resolve("class-path.digest"), "of-the-tests");
    Files.writeString(cache.resolve("driver.jsa"), ""); // no archive can be made of folders
    Files.writeString(cache.resolve("ready"), "");
    List<String> command = new ArrayList<>(List.of("sh", script.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("MLPIPELINE_OPTS", "-Xmx1200m -XX:TieredStopAtLevel=1");
    return new Child(builder.start());
  }

  /** Reads on until a line holds the text; false if the process ends before. */
  boolean awaitLine(String text) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = process.getInputStream().read(); c >= 0; c = process.getInputStream().read()) {
      line.append((char) c);
      if (c == '\n') {
        lines.add(line.toString());
        if (line.indexOf(text) >= 0) {
          return true;
        }
        line.setLength(0);
      }
    }
    return false;
  }

  /** Kills it as {@code kill -9} does, after so long; false if it has ended before. */
  boolean killAfter(int millis) throws InterruptedException {
    boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    return !ended;
  }

  /**
   * The same once it has used so much more time of processors: however busy the machine is, that is
   * the same point of its work, or nearly.
   */
  boolean killAfterWork(Duration work) throws InterruptedException {
    Duration end = worked().plus(work);
    while (process.isAlive() && worked().compareTo(end) < 0) {
      process.waitFor(2, TimeUnit.MILLISECONDS);
    }
    return killAfter(0);
  }

  /** The time of processors that it has used; none if it has ended. */
  Duration worked() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Sends it a signal, such as {@code TERM} or {@code STOP}. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** Waits for its end and says its exit code. */
  int end() throws IOException, InterruptedException {
    lines.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    return process.waitFor();
  }

  /** Its process and all below it that live. */
  List<ProcessHandle> family() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  /** What it printed, for a message about it. */
  String printed() {
    return String.join("", lines);
  }
}
