package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatesBenchIT {
  @TempDir Path temp;

  @Test
  void trial() throws Exception {
    TestSpark.session();
    EngineHarness h = EngineHarness.of(temp.resolve("x.conf"), temp);
    String t = "/work/shared/data/nyc_taxi/yellow_tripdata_sample_";
    long a = System.nanoTime();
    java.nio.file.Files.writeString(
        Path.of("/tmp/h8/taxi.out"),
        h.command(
            "gates",
            "suggest",
            "--path",
            t + "2018-07.csv",
            "--path",
            t + "2018-09.csv",
            "--out",
            "/tmp/h8/taxi-gate.conf"));
    long b = System.nanoTime();
    java.nio.file.Files.writeString(
        Path.of("/tmp/h8/hosp.out"),
        h.command("gates", "suggest", "--path", "/work/shared/data/hospital/hospital.csv"));
    long c = System.nanoTime();
    java.nio.file.Files.writeString(
        Path.of("/tmp/h8/test.out"),
        h.command("gates", "test", "--path", t + "2018-08.csv", "--rules", "/tmp/h8/taxi-gate.conf")
            + (b - a) / 1e9
            + " "
            + (c - b) / 1e9
            + " "
            + (System.nanoTime() - c) / 1e9);
    assertThat(1).isEqualTo(1);
  }
}
