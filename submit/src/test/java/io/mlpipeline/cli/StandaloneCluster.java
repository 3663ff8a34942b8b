package io.mlpipeline.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A master and a worker of plain Spark on the loopback address, from the jars of this JVM's class
 * path, less those that the cluster jar must bring by itself. Each is a process of its own; closing
 * ends all of them.
 */
final class StandaloneCluster implements AutoCloseable {

  /** What a distribution of Spark does not have. */
  private static final Pattern NOT_SPARKS =
      Pattern.compile(
          "(mlpipeline|delta|deequ|dqdl|config-\\d|picocli|asm-\\d|jspecify|junit|surefire|assertj"
              + "|archunit|opentest4j|apiguardian|byte-buddy|spark-testing|jackson-datatype-jdk8"
              + "|org\\.jacoco|slf4j-simple).*");

  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");

  /** For processes that live for seconds. */
  private static final List<String> SMALL =
      List.of(
          "-Xmn250m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-BytecodeVerificationRemote");

  private static final int UP_SECONDS = 60;
  private static final int SUBMIT_SECONDS = 180;

  private final Path home;
  private final List<Process> processes = new ArrayList<>();
  private String master = "";

  private StandaloneCluster(Path home) {
    this.home = home;
  }

  /** What became of an application. */
  record Submitted(int exitCode, String out, String err) {}

  static StandaloneCluster start(Path home) throws IOException {
    StandaloneCluster cluster = new StandaloneCluster(home);
    try {
      cluster.layOut();
      cluster.startAll();
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void layOut() throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    Files.createFile(home.resolve("RELEASE"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(entry);
      String name = jar.getFileName().toString();
      Path link = jars.resolve(name);
      if (name.endsWith(".jar") && !NOT_SPARKS.matcher(name).matches() && Files.notExists(link)) {
        Files.createSymbolicLink(link, jar.toAbsolutePath());
      }
    }
  }

  private void startAll() throws IOException {
    String ends = "--host 127.0.0.1 --port 0 --webui-port 0";
    master =
        service(
            line -> Optional.of(MASTER.matcher(line)).filter(Matcher::find).map(m -> m.group(1)),
            ("org.apache.spark.deploy.master.Master " + ends).split(" "));
    service(
        line -> line.contains("Successfully registered") ? Optional.of(line) : Optional.empty(),
        ("org.apache.spark.deploy.worker.Worker "
                + ends
                + " --cores 2 --memory 1g --work-dir "
                + home.resolve("work")
                + " "
                + master)
            .split(" "));
  }

  /** Runs an application in client mode, and waits for its end. */
  Submitted submit(Path workingDirectory, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(List.of("org.apache.spark.deploy.SparkSubmit", "--master", master));
    for (String conf :
        List.of(
            "spark.ui.enabled=false",
            "spark.sql.shuffle.partitions=4",
            "spark.executor.memory=700m",
            "spark.executor.extraJavaOptions=" + String.join(" ", SMALL))) {
      all.addAll(List.of("--conf", conf));
    }
    all.addAll(arguments);
    Path out = Files.createTempFile(home, "out", ".txt");
    Path err = Files.createTempFile(home, "err", ".txt");
    Process process =
        java(all.toArray(String[]::new))
            .directory(workingDirectory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    processes.add(process);
    if (!process.waitFor(SUBMIT_SECONDS, TimeUnit.SECONDS)) {
      end(process);
      throw new IOException("the application did not end:\n" + Files.readString(err));
    }
    return new Submitted(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Starts a process and waits until one of its lines says that it is up. */
  private String service(Function<String, Optional<String>> isUp, String... mainAndArguments)
      throws IOException {
    Process process = java(mainAndArguments).redirectErrorStream(true).start();
    processes.add(process);
    CompletableFuture<String> up = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process, isUp, up), mainAndArguments[0]);
    reader.setDaemon(true);
    reader.start();
    try {
      return up.get(UP_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IOException(mainAndArguments[0] + " did not come up", e);
    }
  }

  /** To the end, so that the process never waits for a reader. */
  private static void read(
      Process process, Function<String, Optional<String>> isUp, CompletableFuture<String> up) {
    List<String> first = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        isUp.apply(line).ifPresent(up::complete);
        if (first.size() < 100) {
          first.add(line);
        }
      }
    } catch (IOException e) {
      up.completeExceptionally(new UncheckedIOException(e));
    }
    up.completeExceptionally(new IllegalStateException(String.join("\n", first)));
  }

  private ProcessBuilder java(String... mainAndArguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx900m");
    command.addAll(SMALL);
    Stream.of(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions().split(" "))
        .forEach(command::add);
    command.addAll(List.of("-cp", home.resolve("jars") + File.separator + "*"));
    command.addAll(List.of(mainAndArguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("SPARK_"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_HOME", home.toString());
    environment.put("SPARK_SCALA_VERSION", "2.12");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_DIRS", home.resolve("local").toString());
    return builder;
  }

  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      end(processes.get(i));
    }
  }

  private static void end(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }
}
