package io.mlpipeline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.json.ModelStateJson;
import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.testkit.FakeRegistry;
import io.mlpipeline.testkit.ModelHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Says how long {@code models show} takes, as a whole process by the launcher, of a model of many
 * versions: with the stored state, and without it, so that every event is read. Not part of the
 * tests: {@code -Pbench -Dbench.workload=registry} runs it.
 */
class RegistryBench {

  private static final int VERSIONS = 10_000;

  @TempDir private Path directory;

  @Test
  void measures() throws Exception {
    if (!Arrays.asList(System.getProperty("bench.workload", "").split(",")).contains("registry")) {
      return;
    }
    write(directory, VERSIONS);
    Path state = directory.resolve("_ml/registry/churn/state.json");
    byte[] stored = Files.readAllBytes(state);
    List<Double> quick = new ArrayList<>();
    List<Double> rebuilt = new ArrayList<>();
    for (int round = 0; round <= 5; round++) {
      double took = show();
      Files.delete(state);
      double whole = show();
      Files.write(state, stored);
      if (round > 0) { // the first one makes the launcher's archive and fills the disk's cache
        quick.add(took);
        rebuilt.add(whole);
      }
    }
    String report =
        String.format(
            Locale.ROOT,
            "registry: models show of %,d versions %.2f s, without the stored state %.2f s%n",
            VERSIONS,
            ColdRunBench.median(quick),
            ColdRunBench.median(rebuilt));
    ColdRunBench.publish(report);
  }

  private double show() throws Exception {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(
                Path.of("mlpipeline").toRealPath().toString(),
                "models",
                "show",
                "churn",
                "--warehouse",
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(printed).contains("1." + (VERSIONS - 1) + ".0");
    return (System.nanoTime() - start) / 1e9;
  }

  /** The objects of a registry of one model, without the syncing that a registry does. */
  private static void write(Path warehouse, int versions) throws IOException {
    FakeRegistry registry = new FakeRegistry();
    ModelHistory history = new ModelHistory(registry, "churn");
    for (int i = 0; i < versions; i++) {
      history.registered("1." + i + ".0", "ann");
    }
    Path root = Files.createDirectories(warehouse.resolve("_ml/registry/churn/events"));
    for (RegistryEvent event : registry.events("churn")) {
      Files.write(
          root.resolve(String.format(Locale.ROOT, "%012d.json", event.number())),
          RegistryEventJson.write(event));
    }
    Files.write(root.resolveSibling("state.json"), ModelStateJson.write(registry.state("churn")));
  }

  /** Args: a directory that becomes such a warehouse, and how many versions. */
  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]), Integer.parseInt(args[1]));
  }
}
