package io.mlpipeline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.steps.sample.ChurnSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the engine and the same work by hand in turn, each as a fresh JVM into an empty directory,
 * and says how long they took. Not part of the tests: {@code -Pbench} runs it.
 *
 * <p>System properties: {@code bench.workload} ({@code trivial}, {@code churn-sample}, {@code
 * churn-5m}, or several with commas), {@code bench.pairs}, {@code bench.rows}, {@code bench.heap}.
 */
class ColdRunBench {

  private static final String ENGINE = "engine";

  @TempDir private Path directory;
  private int runs;

  /** What is measured: each side's arguments, without the output directory, by the side's name. */
  private record Workload(String name, Map<String, List<String>> sides) {}

  @Test
  void measures() throws Exception {
    for (String name : setting("workload", "trivial").split(",")) {
      if (List.of("gates", "registry", "score", "partitions", "edits").contains(name)) {
        continue; // benches of their own measure these
      }
      Workload workload = workload(name);
      int pairs = Integer.parseInt(setting("pairs", "3"));
      Map<String, List<Double>> seconds = new LinkedHashMap<>();
      for (int round = 0; round <= pairs; round++) { // the first one warms the disk's cache
        for (Map.Entry<String, List<String>> side : workload.sides().entrySet()) {
          double took = run(side.getKey(), side.getValue());
          if (round > 0) {
            seconds.computeIfAbsent(side.getKey(), key -> new ArrayList<>()).add(took);
          }
        }
      }
      report(workload.name(), seconds);
    }
  }

  private Workload workload(String name) throws IOException {
    Path repository = Path.of("..").toRealPath();
    Path pipelines = repository.resolve("conf/pipelines");
    Path data = directory.resolve(name);
    Path file = pipelines.resolve("churn.conf");
    switch (name) {
      case "trivial" -> file = TrivialWork.write(data);
      case "churn-sample" -> data = repository.resolve("conf/sample-data");
      case "churn-5m" -> {
        long rows = Long.parseLong(setting("rows", "5000000"));
        ChurnSample.write(data.resolve("churn"), ChurnSample.Spec.ofRows(rows));
      }
      default -> throw new IllegalArgumentException("there is no workload " + name);
    }
    Map<String, List<String>> sides = new LinkedHashMap<>();
    sides.put(
        ENGINE,
        List.of(
            "io.mlpipeline.cli.Main", "run", file.toString(), "--set", "data=" + data, "--quiet"));
    String kind = name.equals("trivial") ? name : "churn";
    for (String settings : List.of("default", "one-partition")) {
      sides.put(
          "by hand, " + settings,
          List.of(
              HandWritten.class.getName(), kind, settings, data.toString(), pipelines.toString()));
    }
    return new Workload(name, sides);
  }

  /** The seconds of a whole process. */
  private double run(String side, List<String> mainAndArguments)
      throws IOException, InterruptedException {
    Path output = directory.resolve("out-" + runs++);
    List<String> command = new ArrayList<>(jvm());
    command.addAll(mainAndArguments);
    if (side.equals(ENGINE)) {
      command.add("--warehouse");
    }
    command.add(output.toString());
    Path log = directory.resolve("log-" + runs + ".txt");
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int code = process.waitFor();
    double seconds = (System.nanoTime() - start) / 1e9;
    assertThat(code).as(side + ": " + Files.readString(log)).isZero();
    return seconds;
  }

  /** The same for all sides: the launcher's flags, and no class-data archive for anybody. */
  private static List<String> jvm() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + setting("heap", "2g"));
    command.addAll(List.of("-XX:+UseParallelGC", "-XX:-UsePerfData"));
    command.addAll(
        List.of(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.add("-Dlog4j2.configurationFile=" + Path.of("log4j2.properties").toRealPath());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  private static void report(String workload, Map<String, List<Double>> seconds)
      throws IOException {
    StringBuilder text = new StringBuilder();
    List<Double> engine = seconds.get(ENGINE);
    int cores = Runtime.getRuntime().availableProcessors();
    text.append(
        String.format(
            Locale.ROOT,
            "%n%s, %d cores, %d pairs after a warm-up%n",
            workload,
            cores,
            engine.size()));
    seconds.forEach(
        (side, all) -> {
          List<Double> ratios = new ArrayList<>();
          for (int i = 0; i < all.size(); i++) {
            ratios.add(engine.get(i) / all.get(i));
          }
          String line = "  %-24s median %6.2f s   engine / this: %.2f   runs %s%n";
          text.append(
              String.format(Locale.ROOT, line, side, median(all), median(ratios), rounded(all)));
        });
    publish(text.toString());
  }

  /** To the terminal and to {@code target/bench.txt}. */
  static void publish(String text) throws IOException {
    System.out.print(text);
    Path file = Path.of("target", "bench.txt");
    Files.writeString(
        file,
        text,
        java.nio.file.StandardOpenOption.CREATE,
        java.nio.file.StandardOpenOption.APPEND);
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static List<String> rounded(List<Double> values) {
    return values.stream().map(value -> String.format(Locale.ROOT, "%.2f", value)).toList();
  }

  private static String setting(String name, String other) {
    return System.getProperty("bench." + name, other);
  }
}
