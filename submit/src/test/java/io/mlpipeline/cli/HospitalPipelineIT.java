package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.config.GateFile;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.spark.gate.RowRules;
import io.mlpipeline.spark.table.TableReader;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real measures of hospitals with mistyped cells, of which the truth is known. */
class HospitalPipelineIT {

  private static final int COLUMNS = 19;

  @TempDir Path temp;

  @Test
  void rulesThatNeedNoTruthFindTheRowsWithWrongCells() throws Exception {
    Path data = RealData.folderWith("hospital/hospital_clean.csv").resolve("hospital");
    Path pipeline = temp.resolve("pipelines/hospital.conf");
    EngineHarness.copy(EngineHarness.CONF.resolve("schemas"), temp.resolve("schemas"));
    Files.createDirectories(pipeline.getParent());
    Files.writeString(
        pipeline,
        """
        pipeline: hospital
        inputs { raw: { files: ${data}"/hospital.csv", format: csv } }
        steps {
          ingest {
            uses: ingest
            inputs { raw: raw }
            outputs { rows: { as: measures, schema: hospital-v1, gate: { block: ["RowCount = 1000"] } } }
          }
        }
        """);
    Path warehouse = temp.resolve("wh");
    RunReport report = EngineHarness.of(pipeline, warehouse).with("data", data.toString()).run();
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);

    SparkSession spark = TestSpark.session();
    Dataset<Row> published =
        TableReader.read(
            spark,
            Warehouse.open(warehouse.toString(), temp)
                .tables()
                .findNewest("hospital/measures")
                .orElseThrow());
    GateFile.LoadedGate gate =
        GateFile.load(EngineHarness.CONF.resolve("gates/hospital.conf"), temp);
    assertThat(gate.problems()).isEmpty();
    GateSpec rules = Objects.requireNonNull(gate.spec());
    Map<String, Boolean> setApart = new HashMap<>();
    for (Row row : RowRules.mark(published, rules.rules()).collectAsList()) {
      setApart.put(text(row), !row.getList(COLUMNS).isEmpty());
    }

    List<Row> rows = csv(spark, data.resolve("hospital.csv"));
    Set<Integer> wrong = wrong(rows, csv(spark, data.resolve("hospital_clean.csv")));
    assertThat(wrong).hasSize(407);
    int caught = 0;
    int falselyApart = 0;
    for (int i = 0; i < rows.size(); i++) {
      boolean isApart = setApart.get(text(rows.get(i)));
      caught += isApart && wrong.contains(i) ? 1 : 0;
      falselyApart += isApart && !wrong.contains(i) ? 1 : 0;
    }
    double recall = (double) caught / wrong.size();
    double precision = (double) caught / (caught + falselyApart);
    double cleanLost = (double) falselyApart / (rows.size() - wrong.size());
    Files.writeString(
        Path.of("target/hospital-gate.txt"),
        String.format(
            Locale.ROOT,
            "precision %.3f, recall %.3f, clean rows set apart %.3f%n",
            precision,
            recall,
            cleanLost));
    assertThat(recall).as("recall; precision %.3f", precision).isGreaterThanOrEqualTo(0.95);
    assertThat(cleanLost).as("clean rows set apart; recall %.3f", recall).isLessThan(0.05);
  }

  private static List<Row> csv(SparkSession spark, Path file) {
    return spark
        .read()
        .option("header", "true")
        .option("escape", "\"")
        .csv(file.toString())
        .coalesce(1)
        .collectAsList();
  }

  /** Rows, by number, of which a cell is not what the truth says. */
  private static Set<Integer> wrong(List<Row> rows, List<Row> truth) {
    Set<Integer> wrong = new HashSet<>();
    for (Row cell : truth) {
      int tid = Integer.parseInt(cell.getString(0));
      Object found = rows.get(tid).getAs(cell.getString(1));
      String correct = cell.isNullAt(2) ? "empty" : cell.getString(2);
      boolean isEmpty = found == null || correct.equals("empty");
      if (!isEmpty && !correct.equals(found)) {
        wrong.add(tid);
      }
    }
    return wrong;
  }

  private static String text(Row row) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < COLUMNS; i++) {
      all.append(row.get(i)).append('|');
    }
    return all.toString();
  }
}
