package io.mlpipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plays every {@code plan/cases/NAME.txt} and compares with {@code NAME.plan} beside it. Run with
 * {@code -Dplan.cases.write=true} to write what the planner says now, then read the difference.
 */
class PlanCasesTest {

  private static final Path CASES = Path.of("src/test/resources/plan/cases");

  static Stream<String> cases() {
    return names(".txt").filter(name -> !name.startsWith("_"));
  }

  private static Stream<String> names(String ending) {
    try (Stream<Path> files = Files.list(CASES)) {
      List<String> names =
          files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(ending)).toList();
      return names.stream().map(n -> n.substring(0, n.length() - ending.length())).sorted();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void saysWhatTheCaseExpects(String name) throws IOException {
    String said = new CaseScript().play(lines(name));
    Path expected = CASES.resolve(name + ".plan");
    if (Boolean.getBoolean("plan.cases.write")) {
      Files.writeString(expected, said, StandardCharsets.UTF_8);
    }
    assertThat(said).isEqualTo(Files.readString(expected, StandardCharsets.UTF_8));
  }

  @Test
  void everyExpectationBelongsToACase() {
    assertThat(names(".plan")).containsExactlyElementsOf(cases().toList());
  }

  /** A line {@code use NAME} stands for the lines of {@code _NAME.txt}. */
  private static List<String> lines(String name) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(CASES.resolve(name + ".txt"), StandardCharsets.UTF_8)) {
      if (line.startsWith("use ")) {
        lines.addAll(lines("_" + line.substring(4).strip()));
      } else {
        lines.add(line);
      }
    }
    return lines;
  }
}
