package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gates that are proposed from data, and tried on it, by the command line. */
@Tag("long")
class GatesBenchIT {

  @TempDir Path temp;
  private EngineHarness shell;

  @BeforeEach
  void writesTrips() throws IOException {
    TestSpark.session();
    shell = EngineHarness.of(temp.resolve("none.conf"), temp);
    StringBuilder good = new StringBuilder("trip_id,zip,plan,fare,day,note\n");
    StringBuilder bad = new StringBuilder(good);
    for (int i = 0; i < 200; i++) {
      String row =
          String.format(
              Locale.ROOT,
              "%d,%05d,%s,%d.5,2024-05-%02d,%s%n",
              i,
              1000 + i * 7,
              i % 3 == 0 ? "gold" : "free",
              i % 40,
              1 + i % 28,
              i % 4 == 0 ? "" : "note " + i);
      good.append(row);
      bad.append(
          i == 7 ? row.replace("01049", "x1049") : i == 9 ? row.replace(".5,", "999.5,") : row);
    }
    Files.writeString(temp.resolve("good.csv"), good);
    Files.writeString(temp.resolve("bad.csv"), bad);
  }

  @Test
  void whatIsProposedHoldsOnItsDataAndFindsWhatIsWrongInOther() throws IOException {
    String first = shell.command("gates", "suggest", "--path", "good.csv");
    assertThat(first)
        .startsWith("0\n")
        .contains(
            "\"RowCount between 66 and 610\"",
            "IsPrimaryKey \"trip_id\"",
            "ColumnValues \"plan\" in [\"free\", \"gold\"]",
            "ColumnValues \"zip\" matches \"[0-9]{5}\"",
            "Completeness \"note\" > 0.25",
            "25 % of rows; was 0.75",
            "ColumnValues \"day\" >= \"2022-01-01\"")
        .doesNotContain("Mean \"trip_id\"");
    assertThat(shell.command("gates", "suggest", "--path", "good.csv", "--out", "gate.conf"))
        .contains("rules are in gate.conf");
    assertThat(first).isEqualTo("0\n" + Files.readString(temp.resolve("gate.conf")));
    assertThat(shell.command("gates", "test", "--path", "good.csv", "--rules", "gate.conf"))
        .startsWith("0\n")
        .contains("pass: ", "200 rows, of which 0 (0.00 %) would be set apart");
    assertThat(shell.command("gates", "test", "--path", "bad.csv", "--rules", "gate.conf"))
        .startsWith("0\n")
        .contains(
            "would set apart 1 rows, such as\n    {zip=x1049, trip_id=7",
            "{fare=9999.5, trip_id=9",
            "200 rows, of which 2 (1.00 %) would be set apart; nothing was published");
  }

  @Test
  void aBlockRuleThatFailsExitsWithFiveAndNothingIsPublished() throws IOException {
    Files.writeString(
        temp.resolve("rules.txt"),
        "# by hand\nRowCount > 100\nColumnValues \"fare\" < 35\nMean \"fare\" < 1000\n");
    String told =
        shell.command(
            "gates", "test", "--path", "good.csv", "--rules", "rules.txt", "--output", "json");
    assertThat(told)
        .startsWith("5\n")
        .contains("\"verdict\": \"reject\"", "\"rows\": 25", "\"passed\": false", "\"fare\": \"3");
    assertThat(shell.command("data", "list")).contains("no datasets in");
  }

  @Test
  void whatIsWrongWithRulesIsToldWithItsLineAndWhatToDo() throws IOException {
    Files.writeString(temp.resolve("rules.txt"), "RowCount > 1\n\nMean \"fair\" > 0\n");
    assertThat(shell.command("gates", "test", "--path", "good.csv", "--rules", "rules.txt"))
        .startsWith("2\n")
        .contains("rules.txt:3: ", "fare");
    assertThat(shell.command("gates", "test", "a/b@v3", "--rules", "rules.txt"))
        .startsWith("2\n")
        .contains("there is no a/b@v3");
    assertThat(shell.command("gates", "test", "--path", "no.csv", "--rules", "rules.txt"))
        .startsWith("2\n")
        .contains("'no.csv' does not exist");
  }
}
