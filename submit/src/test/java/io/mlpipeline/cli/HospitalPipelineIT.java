package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Engine;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.run.Replay;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real measures of hospitals with mistyped cells, of which the truth is known. */
class HospitalPipelineIT {

  private static final int ROWS = 1_000;

  private static final Pattern CELL = Pattern.compile("(?:^|,)(?:\"([^\"]*)\"|([^,]*))");

  @TempDir Path temp;

  @Tag("long")
  @Test
  void rowsWithWrongCellsAreSetApartCorrectedAndReplayedOnce() throws IOException {
    Path data = RealData.folderWith("hospital/hospital_clean.csv");
    List<String[]> rows = csv(data.resolve("hospital/hospital.csv"));
    List<String[]> truth = truth(rows, data.resolve("hospital/hospital_clean.csv"));
    EngineHarness hospital =
        EngineHarness.of(
                EngineHarness.CONF.resolve("pipelines/hospital.conf"), temp.resolve("warehouse"))
            .with("data", data.toString());

    RunReport report = hospital.run();
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    Set<String> apart = keys("measures__quarantine");
    Set<String> published = keys("measures");
    assertThat(apart.size() + published.size()).isEqualTo(ROWS);
    assertThat(apart).doesNotContainAnyElementsOf(published);
    GateReport gate = EngineHarness.step(report, "ingest").gates().get(0);
    assertThat(gate.quarantine().rows()).isEqualTo(apart.size());
    assertFound(rows, truth, apart);

    List<Integer> corrected = correctable(rows, truth, apart);
    assertThat(corrected).hasSizeGreaterThan(3);
    String file = corrected(rows.get(0), truth, corrected);
    Replay.Result replayed = replay(hospital, file);
    assertThat(replayed.added()).as("%s", replayed.gate()).isEqualTo(corrected.size());
    assertThat(replayed.remaining()).isEqualTo(apart.size() - corrected.size());
    Set<String> after = keys("measures");
    assertThat(after).hasSize(published.size() + corrected.size()).containsAll(published);
    for (int row : corrected) {
      assertThat(after).contains(key(truth.get(row)));
    }
    assertThat(replay(hospital, file).added()).isZero();
    assertThat(keys("measures")).isEqualTo(after);
  }

  /** How many rows with wrong cells were found, and how many others were taken for such. */
  private static void assertFound(List<String[]> rows, List<String[]> truth, Set<String> apart)
      throws IOException {
    int wrong = 0;
    int caught = 0;
    int falselyApart = 0;
    for (int i = 1; i < rows.size(); i++) {
      boolean isWrong = isWrong(rows.get(i), truth.get(i));
      boolean isApart = apart.contains(key(rows.get(i)));
      wrong += isWrong ? 1 : 0;
      caught += isApart && isWrong ? 1 : 0;
      falselyApart += isApart && !isWrong ? 1 : 0;
    }
    assertThat(wrong).isEqualTo(407);
    double recall = (double) caught / wrong;
    double precision = (double) caught / (caught + falselyApart);
    double cleanLost = (double) falselyApart / (ROWS - wrong);
    String said =
        String.format(
            Locale.ROOT,
            "precision %.3f, recall %.3f, clean rows set apart %.3f%n",
            precision,
            recall,
            cleanLost);
    Files.writeString(Path.of("target/hospital-gate.txt"), said);
    assertThat(recall).as(said).isGreaterThanOrEqualTo(0.95);
    assertThat(cleanLost).as(said).isLessThan(0.05);
  }

  /** Some rows that are apart of which the truth can be handed back: their key was right. */
  private static List<Integer> correctable(
      List<String[]> rows, List<String[]> truth, Set<String> apart) {
    List<Integer> some = new ArrayList<>();
    for (int i = 1; i < rows.size() && some.size() < 5; i++) {
      String[] row = rows.get(i);
      if (apart.contains(key(row))
          && isWrong(row, truth.get(i))
          && key(row).equals(key(truth.get(i)))) {
        some.add(i);
      }
    }
    return some;
  }

  private String corrected(String[] header, List<String[]> truth, List<Integer> which)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of(String.join(",", header)));
    for (int row : which) {
      List<String> cells = new ArrayList<>();
      for (String cell : truth.get(row)) {
        cells.add(cell.isEmpty() ? "" : '"' + cell + '"');
      }
      lines.add(String.join(",", cells));
    }
    return Files.write(temp.resolve("corrected.csv"), lines).toString();
  }

  private static Replay.Result replay(EngineHarness hospital, String corrected) {
    try (Engine engine = Engine.within(TestSpark.session())) {
      return engine.replay(hospital.open(), "measures", corrected);
    }
  }

  private Set<String> keys(String table) {
    Dataset<Row> rows =
        TestSpark.session().read().format("delta").load(temp + "/warehouse/hospital/" + table);
    List<Row> all = rows.select("ProviderNumber", "MeasureCode").collectAsList();
    Set<String> keys = new HashSet<>();
    all.forEach(row -> keys.add(row.getString(0) + "/" + row.getString(1)));
    assertThat(keys).hasSameSizeAs(all);
    return keys;
  }

  private static String key(String[] row) {
    return row[0] + "/" + row[14];
  }

  private static boolean isWrong(String[] row, String[] truth) {
    for (int i = 0; i < row.length; i++) {
      if (!row[i].equals(truth[i])) {
        return true;
      }
    }
    return false;
  }

  /** The rows as they should be; the truth is a cell a line, with the row's number from 0. */
  private static List<String[]> truth(List<String[]> rows, Path file) throws IOException {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < rows.get(0).length; i++) {
      columns.put(rows.get(0)[i], i);
    }
    Map<Integer, String[]> truth = new TreeMap<>(Map.of(-1, rows.get(0)));
    for (String[] cell : csv(file).subList(1, ROWS * columns.size() + 1)) {
      int row = Integer.parseInt(cell[0]);
      String correct = cell[2].equals("empty") ? "" : cell[2];
      truth.computeIfAbsent(row, r -> rows.get(r + 1).clone())[columns.get(cell[1])] = correct;
    }
    return List.copyOf(truth.values());
  }

  private static List<String[]> csv(Path file) throws IOException {
    List<String[]> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      List<String> cells = new ArrayList<>();
      Matcher cell = CELL.matcher(line);
      while (cell.find()) {
        cells.add(cell.group(1) == null ? cell.group(2) : cell.group(1));
      }
      lines.add(cells.toArray(String[]::new));
    }
    return lines;
  }
}
