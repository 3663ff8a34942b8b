package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.Compatibility;
import io.mlpipeline.model.ContractRules;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.NewColumns;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.spark.gate.GateSyntax;
import io.mlpipeline.spark.table.Schemas;
import io.mlpipeline.step.StepOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractValuesIT {

  @TempDir Path dir;
  private Path raw;
  private Attempts attempts;

  @BeforeEach
  void open() throws IOException {
    raw = Files.createDirectories(dir.resolve("raw"));
    attempts = new Attempts(dir.resolve("wh"));
  }

  private static ColumnSpec column(String name, String type, boolean nullable, String... allowed) {
    return new ColumnSpec(name, type, nullable, null, null, List.of(allowed), false);
  }

  private static SchemaSpec schema(NewColumns newColumns) {
    return new SchemaSpec(
        "paid-v1",
        null,
        List.of(
            column("id", "bigint", false),
            column("kind", "string", true, "card", "O'Hara {x}", "Ärger"),
            column("rate", "float", false, "0.1", "-2"),
            column("day", "date", true, "2024-01-01"),
            column("open", "boolean", true, "true")),
        List.of("id"),
        List.of(),
        newColumns,
        Compatibility.UNSTATED);
  }

  private static InputSpec judged(InputSpec input) {
    SchemaSpec schema = java.util.Objects.requireNonNull(input.schema());
    GateSpec gate = ContractRules.before(ContractRules.ofInput(schema, Attempts.AT), GateSpec.OPEN);
    return input.withGate(gate);
  }

  private GateReport judge(SchemaSpec schema, String... lines) throws IOException {
    Files.write(raw.resolve("a.csv"), List.of(lines));
    InputSpec input = judged(Attempts.files("paid", raw, "csv", schema));
    try (AttemptSession session =
        attempts.open("judge", List.of(Attempts.pin("in", input)), List.of(input))) {
      return session.auditInputs().get(0);
    }
  }

  private static List<String> broken(GateReport report) {
    return report.outcomes().stream()
        .filter(outcome -> !outcome.passed())
        .map(outcome -> outcome.rule().id())
        .toList();
  }

  @Test
  void judgesWhatAContractAsksOfValues() throws IOException {
    SchemaSpec schema = schema(NewColumns.REJECT);
    assertThat(GateSyntax.problems(ContractRules.ofInput(schema, Attempts.AT), Schemas.of(schema)))
        .isEmpty();
    String head = "id,kind,rate,day,open";
    GateReport good =
        judge(schema, head, "1,card,0.1,2024-01-01,true", "2,O'Hara {x},-2,,", "3,Ärger,0.1,,");
    assertThat(broken(good)).isEmpty();
    assertThat(good.outcomes()).hasSize(7);
    assertThat(broken(judge(schema, head))).isEmpty();
    assertThat(
            broken(judge(schema, head, "1,cash,0.2,2024-01-02,false", "1,card,0.1,,", ",card,,,")))
        .containsExactly(
            "contract-id-not-null",
            "contract-kind-allowed",
            "contract-rate-not-null",
            "contract-rate-allowed",
            "contract-day-allowed",
            "contract-open-allowed",
            "contract-keys");
  }

  @Test
  void doesWithNewColumnsOfFilesWhatTheContractSays() throws IOException {
    String[] lines = {"more,open,ID,kind,rate,day", "x,true,1,card,0.1,2024-01-01"};
    GateReport refused = judge(schema(NewColumns.REJECT), lines);
    assertThat(refused.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(refused.outcomes().get(0).message()).contains("not evaluated", "header");
    assertThat(judge(schema(NewColumns.DROP), lines).verdict()).isEqualTo(Verdict.PASS);
    GateReport warned = judge(schema(NewColumns.WARN), lines);
    assertThat(warned.verdict()).isEqualTo(Verdict.WARN);
    RuleOutcome last = warned.outcomes().get(warned.outcomes().size() - 1);
    assertThat(last.rule().id()).isEqualTo(ContractRules.NEW_COLUMNS);
    assertThat(last.message()).endsWith("was left out: more");
    assertThat(judge(schema(NewColumns.WARN), "id,kind,rate,day,open").verdict())
        .isEqualTo(Verdict.PASS);
    assertThatThrownBy(() -> judge(schema(NewColumns.WARN), "id,kind,rate,day,more", "1,,1,,x"))
        .hasMessageContaining("column open (boolean) is missing");
  }

  @Test
  void holdsTablesAgainstTheContractOfTheirReader() {
    StagedTable table;
    try (AttemptSession session = attempts.open("make", Attempts.output("rows"))) {
      table =
          session
              .stage(
                  StepOutput.table(
                      "rows", session.context().spark().sql("select 7 more, 2 x, 1 ID")))
              .tables()
              .get(0);
    }
    attempts.publish("in", table);
    PinnedSource source =
        new PinnedSource("t", InputKind.TABLE, table.uri(), 0, "id", false, List.of(), 0);
    assertThat(read(source, NewColumns.DROP, "id bigint", "x int"))
        .extracting(Row::toString)
        .containsExactly("[1,2]");
    assertThatThrownBy(() -> read(source, NewColumns.REJECT, "id bigint", "x int"))
        .hasMessageContaining("input t breaks its contract rows-v1: column more is not in it");
    assertThatThrownBy(() -> read(source, NewColumns.WARN, "id string", "y int"))
        .hasMessageContaining("column id should be string and is int")
        .hasMessageContaining("column y (int) is missing");
  }

  private List<Row> read(PinnedSource source, NewColumns newColumns, String... columns) {
    SchemaSpec schema =
        new SchemaSpec(
            "rows-v1",
            null,
            Attempts.contract(columns).columns(),
            List.of(),
            List.of(),
            newColumns,
            Compatibility.UNSTATED);
    InputSpec input =
        new InputSpec(
            "t",
            InputKind.TABLE,
            source.uri(),
            null,
            new TreeMap<>(),
            null,
            schema,
            null,
            GateSpec.OPEN,
            InputSpec.Presence.REQUIRED,
            List.of(),
            null,
            Attempts.AT);
    PinnedInput pinned = new PinnedInput("in", "t", source, null);
    try (AttemptSession session = attempts.open("read", List.of(pinned), List.of(input))) {
      return session.context().input("in").collectAsList();
    }
  }

  private GateReport audit(OutputSpec output, String sql) {
    try (AttemptSession session = attempts.open("stage", output)) {
      StepOutput rows = StepOutput.table("rows", session.context().spark().sql(sql));
      return session.audit(session.stage(rows).tables().get(0), output).gate();
    }
  }

  @Test
  void judgesOutputsAndSaysWhichColumnsWereLeftOut() {
    SchemaSpec schema =
        new SchemaSpec(
            "rows-v1",
            null,
            List.of(column("k", "int", false), column("c", "string", false, "a")),
            List.of("k"),
            List.of(),
            NewColumns.WARN,
            Compatibility.UNSTATED);
    GateSpec gate =
        ContractRules.before(
            ContractRules.ofOutput(schema, schema.keys(), Attempts.AT), GateSpec.OPEN);
    OutputSpec output =
        new OutputSpec("rows", "rows", schema, List.of(), List.of("k"), gate, Attempts.AT);
    GateReport bad = audit(output, "select 1 k, 'b' c, 2 z, 3 y union all select 1, 'a', 2, 3");
    assertThat(broken(bad))
        .containsExactly("contract-c-allowed", "contract-keys", "contract-new-columns");
    assertThat(bad.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(bad.outcomes().get(2).message()).endsWith("were left out: z, y");
    assertThat(Optional.ofNullable(audit(output, "select 1 k, 'a' c where false").verdict()))
        .contains(Verdict.PASS);
  }
}
