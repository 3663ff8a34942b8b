package io.mlpipeline.steps.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChurnSampleTest {

  @TempDir Path dir;

  @Test
  void givesTheCommittedSampleByteForByte() throws IOException {
    ChurnSample.write(dir, ChurnSample.Spec.ofRows(20_000));
    Map<String, String> committed = texts(conf().resolve("sample-data/churn"));
    assertThat(committed).hasSize(31);
    assertThat(texts(dir)).isEqualTo(committed);
  }

  @Test
  void writesAsManyLinesAsItSays() throws IOException {
    ChurnSample.Summary summary = ChurnSample.write(dir, new ChurnSample.Spec(5_001, 700, 7, 3));
    long lines = texts(dir).values().stream().flatMap(String::lines).count();
    assertThat(lines)
        .isEqualTo(
            summary.customers()
                + summary.events()
                + summary.duplicates()
                + summary.broken()
                + summary.files());
    assertThat(List.of(summary.customers(), summary.events())).isEqualTo(List.of(700L, 5_001L));
    assertThat(summary.duplicates()).isPositive();
    assertThat(summary.broken()).isPositive();
  }

  @Test
  void anotherSeedIsAnotherSample() throws IOException {
    ChurnSample.write(dir.resolve("a"), new ChurnSample.Spec(100, 10, 2, 1));
    ChurnSample.write(dir.resolve("b"), new ChurnSample.Spec(100, 10, 2, 2));
    assertThat(texts(dir.resolve("a")).keySet()).isEqualTo(texts(dir.resolve("b")).keySet());
    assertThat(texts(dir.resolve("a"))).isNotEqualTo(texts(dir.resolve("b")));
  }

  @Test
  void asksForAtLeastOneOfEverything() {
    assertThatThrownBy(() -> ChurnSample.Spec.ofRows(0)).hasMessageContaining("at least one");
    assertThatThrownBy(() -> new ChurnSample.Spec(1, 0, 1, 1)).hasMessageContaining("customer");
  }

  private static Path conf() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("conf/sample-data"))) {
      folder = folder.getParent();
    }
    return folder.resolve("conf");
  }

  private static Map<String, String> texts(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.put(folder.relativize(file).toString(), Files.readString(file));
      }
    }
    return texts;
  }
}
