package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.SetApart;
import io.mlpipeline.port.Sifted;
import io.mlpipeline.port.Staged;
import io.mlpipeline.spark.table.TableReader;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows divided by the rules they break, with real rows. */
class SieveIT {

  private static final List<String> RULES =
      List.of(
          "IsComplete \"k\"",
          "ColumnValues \"x\" > 0",
          "ColumnValues \"s\" in [\"a\", \"b\"]",
          "IsUnique \"k\"");

  @TempDir Path warehouse;
  private Attempts attempts;

  @BeforeEach
  void open() {
    attempts = new Attempts(warehouse);
  }

  private static GateSpec gate(double most, List<String> texts) {
    List<GateRule> rules = new ArrayList<>();
    for (String text : texts) {
      rules.add(new GateRule("q" + rules.size(), Severity.QUARANTINE, text, Attempts.AT));
    }
    return new GateSpec(rules, most, List.of());
  }

  private static OutputSpec output(GateSpec gate, SchemaSpec schema) {
    return new OutputSpec("rows", "rows", schema, List.of(), List.of(), gate, Attempts.AT);
  }

  private List<Row> rows(StagedTable table) {
    Dataset<Row> rows = TableReader.read(TestSpark.session(), warehouse.toString(), table);
    return rows.collectAsList();
  }

  private static List<String> texts(List<Row> rows, int columns) {
    List<String> texts = new ArrayList<>();
    for (Row row : rows) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        text.append(row.get(i)).append('|');
      }
      texts.add(text.toString());
    }
    Collections.sort(texts);
    return texts;
  }

  @Test
  void everyRowIsKeptOrSetApartAndNoneIsBoth() {
    StructType schema = new StructType().add("k", "int").add("x", "double").add("s", "string");
    for (long seed = 1; seed <= 3; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Row> rows = new ArrayList<>();
      for (int i = random.nextInt(1, 40); i > 0; i--) {
        Integer k = random.nextInt(8) == 0 ? null : Integer.valueOf(random.nextInt(30));
        Double x = random.nextInt(9) == 0 ? null : Double.valueOf(random.nextInt(-2, 9));
        rows.add(RowFactory.create(k, x, List.of("a", "b", "c").get(random.nextInt(3))));
      }
      OutputSpec output = output(gate(1, RULES.subList(0, random.nextInt(1, 5))), null);
      try (AttemptSession session = attempts.open("seed" + seed, output)) {
        SparkSession spark = session.context().spark();
        StagedTable all =
            session
                .stage(StepOutput.table("rows", spark.createDataFrame(rows, schema)))
                .tables()
                .get(0);
        Audited before = session.audit(all, output);
        Sifted sifted = session.sift(all, output, broken(before.gate()));
        List<Row> apart = rows(sifted.apart());
        List<String> both = texts(rows(sifted.kept()), 3);
        both.addAll(texts(apart, 3));
        Collections.sort(both);
        assertThat(both).as("seed %d", seed).isEqualTo(texts(rows(all), 3));
        Audited kept = session.audit(sifted.kept(), output);
        assertThat(kept.digest().plus(sifted.moved())).isEqualTo(before.digest());
        assertThat(kept.gate().verdict()).as("seed %d", seed).isEqualTo(Verdict.PASS);
        assertThat(apart).allMatch(row -> !row.getList(3).isEmpty());
      }
    }
  }

  private static List<GateRule> broken(GateReport gate) {
    return gate.outcomes().stream().filter(o -> !o.passed()).map(RuleOutcome::rule).toList();
  }

  @Test
  void rowsSayWhichFileTheyCameFromAndWhatIsPersonalIsMasked() {
    SchemaSpec contract =
        new SchemaSpec(
            "rows-v1",
            List.of(
                new ColumnSpec("id", "bigint", false),
                new ColumnSpec("mail", "string", true, null, null, List.of(), true)),
            List.of());
    OutputSpec output = output(gate(1, List.of("ColumnValues \"id\" > 0")), contract);
    try (AttemptSession session = attempts.open("files", output)) {
      SparkSession spark = session.context().spark();
      Dataset<Row> rows =
          spark.sql(
              "select * from values (1L, 'a@b.c', 'x.csv'), (-2L, 'd@e.f', 'y.csv')"
                  + " as t(id, mail, _source_file)");
      Dataset<Row> unread =
          spark.sql("select 9L as id, array('parse') as _rules, '9;zap' as _record");
      Staged staged = session.stage(StepOutput.table("rows", rows).withQuarantined("rows", unread));
      StagedTable all = staged.tables().get(0);
      assertThat(all.schemaJson()).doesNotContain("_source_file");
      Sifted sifted = session.sift(all, output, output.gate().rules());
      Row bad = rows(sifted.apart()).get(0);
      assertThat(bad.<Long>getAs("id")).isEqualTo(-2L);
      assertThat(bad.<String>getAs("_source_file")).isEqualTo("y.csv");
      assertThat(bad.<String>getAs("_run")).startsWith("r20240601");
      SetApart apart = session.inspect(sifted.apart(), output);
      assertThat(apart.example()).contains("id=-2", "mail=***", "y.csv").doesNotContain("d@e");
      assertThat(apart.byRule()).containsExactly(java.util.Map.entry("q0", 1L));

      Row handed = rows(staged.apart("rows").orElseThrow()).get(0);
      assertThat(handed.<String>getAs("_record")).isEqualTo("9;zap");
      assertThat(handed.<String>getAs("_reason")).contains("parse");
      assertThat(handed.<String>getAs("mail")).isNull();
    }
  }

  @Test
  void badRowsOfAnInputAreNotSeenByTheStepUnlessTheyAreTooMany() throws Exception {
    Path data = Files.createDirectories(warehouse.resolve("in"));
    Files.writeString(data.resolve("a.csv"), "id,x\n1,5\n2,-1\n");
    Files.writeString(data.resolve("b.csv"), "id,x\n3,7\n4,8\n");
    SchemaSpec contract = Attempts.contract("id bigint", "x int");
    for (double most : List.of(0.25, 0.2)) {
      InputSpec raw = Attempts.files("raw", data, "csv", contract);
      InputSpec gated =
          new InputSpec(
              raw.name(),
              raw.kind(),
              raw.location(),
              raw.format(),
              raw.options(),
              null,
              contract,
              null,
              gate(most, List.of("ColumnValues \"x\" > 0")),
              InputSpec.Presence.REQUIRED,
              List.of(),
              null,
              Attempts.AT);
      try (AttemptSession session =
          attempts.open("in", List.of(Attempts.pin("raw", gated)), List.of(gated))) {
        GateReport report = session.auditInputs().get(0);
        assertThat(report.verdict()).isEqualTo(most < 0.25 ? Verdict.REJECT : Verdict.WARN);
        assertThat(texts(session.context().input("raw").collectAsList(), 2))
            .containsExactly("1|5|", "3|7|", "4|8|");
        SetApart apart = session.inputsApart().get(0);
        assertThat(apart.table().uri()).isEqualTo("churn/raw__quarantine");
        assertThat(rows(apart.table()).get(0).<String>getAs("_source_file")).endsWith("a.csv");
        assertThatThrownBy(() -> session.context().files("raw"))
            .hasMessageContaining("no row can be set apart");
      }
    }
  }
}
