package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateFileTest {

  @TempDir Path folder;

  private GateFile.LoadedGate load(String text) throws IOException {
    Files.writeString(folder.resolve("rules"), text);
    return GateFile.load(Path.of("rules"), folder);
  }

  private static List<String> shown(GateFile.LoadedGate loaded) {
    assertThat(loaded.problems()).isEmpty();
    GateSpec spec = loaded.spec();
    assertThat(spec).isNotNull();
    return spec.rules().stream().map(GateFileTest::shown).toList();
  }

  private static String shown(GateRule rule) {
    return rule.at().line() + " " + rule.severity() + " " + rule.text();
  }

  @Test
  void oneRuleALineBlocks() throws IOException {
    assertThat(
            shown(
                load(
                    "# hand made\n\nRowCount > 1\r\n  (Mean \"a\" > 1) or (Sum \"a\" > 2) # why\n")))
        .containsExactly("3 BLOCK RowCount > 1", "4 BLOCK (Mean \"a\" > 1) or (Sum \"a\" > 2)");
  }

  @Test
  void aGateAsInAPipelineIsReadWithOrWithoutItsName() throws IOException {
    String lists =
        "block: [\"RowCount > 1\"]\nmax-quarantine: 0.1\nquarantine: [ { name: zip, rule: \"A\" } ]\n";
    List<String> rules = List.of("1 BLOCK RowCount > 1", "3 QUARANTINE A");
    assertThat(shown(load(lists))).isEqualTo(rules);
    assertThat(shown(load("gate { " + lists + "}"))).isEqualTo(rules);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "blok: [\"RowCount > 1\"]                | rules:1",
        "block: [\"RowCount > 1\", \"RowCount > 1\"] | already used",
        "quarantine: [\"IsComplete a\"]          | max-quarantine",
        "Rules = [ RowCount > 1 ]                | stands alone",
        "# nothing                               | there is no rule in it",
        "block: [                                | rules"
      })
  void whatIsWrongIsToldWithItsPlace(String text, String told) throws IOException {
    GateFile.LoadedGate loaded = load(text);
    assertThat(loaded.spec()).isNull();
    assertThat(loaded.problems()).isNotEmpty();
    assertThat(loaded.problems().toString()).contains(told);
  }
}
