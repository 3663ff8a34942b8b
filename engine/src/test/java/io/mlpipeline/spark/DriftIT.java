package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.spark.drift.Asked;
import io.mlpipeline.spark.drift.Drift;
import io.mlpipeline.spark.drift.DriftMethod;
import io.mlpipeline.spark.drift.Profile;
import io.mlpipeline.spark.drift.Profiler;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.testkit.ModelHistory;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftIT {

  private static final String FIRST =
      "select id, double(id % 100) as fare, int(id % 2) as vendor, if(id % 3 = 0, 'a', 'b') as zone"
          + " from range(600)";
  private static final String ALIKE = FIRST.replace("(600)", "(1, 801)");
  private static final String MOVED =
      "select id, double(id % 100 + 60) as fare, double(id % 2 + 1) as vendor,"
          + " if(id % 3 = 0, 'a', null) as zone from range(600)";

  @TempDir Path temp;
  private Warehouse warehouse;
  private int runs;

  @Test
  void comparesWithTheVersionBeforeWithNamedOnesAndWithWhatTrainedAModel() {
    warehouse = Warehouse.open(temp.toString(), temp);
    String[] rules = {
      "Drift \"fare\" \"previous\" <= 0.2",
      "Drift \"zone\" <= 0.1",
      "NewCategories \"vendor\" = 0",
      "VanishedCategories \"vendor\" \"previous\" = 0",
      "Drift \"fare\" \"model:churn_lr\" <= 0.2 with method = \"ks\"",
    };
    assertThat(judge(FIRST, rules))
        .allMatch(RuleOutcome::passed)
        .allMatch(outcome -> String.valueOf(outcome.message()).contains("no baseline yet"));
    trains("churn_lr", 0);
    assertThat(judge(ALIKE, rules))
        .allMatch(RuleOutcome::passed)
        .allMatch(outcome -> outcome.message() == null)
        .allMatch(outcome -> outcome.observed().size() == 1);
    assertThat(messages(judge(MOVED, rules)))
        .satisfiesExactly(
            fare -> assertThat(fare).contains(" from version 1 of trips (values ", "were 1"),
            zone ->
                assertThat(zone).contains("0.6675", "\"b\" were 66.75 % of the rows and are 0 %"),
            added -> assertThat(added).contains("1 not in version 1 of trips: \"2\" (300 rows)"),
            gone -> assertThat(gone).contains("1 only in version 1 of trips: \"0\" (400 rows"),
            model ->
                assertThat(model)
                    .contains("0.6 from version 0 of trips, the training data of churn_lr ("));
  }

  @Test
  void aRegisteredModelIsTheBaselineThatTheRegistryNamesAndNotTheNewest() {
    warehouse = Warehouse.open(temp.toString(), temp);
    String[] rules = {
      "Drift \"fare\" \"model:fares@production\" <= 0.2",
      "Drift \"fare\" \"model:fares@2.0.0\" <= 0.2",
      "Drift \"fare\" \"model:fares@1.0.0\" > 0.2",
      "Drift \"fare\" \"model:fares@staging\" <= 0.2",
    };
    assertThat(messages(judge(FIRST, rules))).allMatch(text -> text.contains("no baseline yet"));
    judge(MOVED, "RowCount > 0");
    ModelHistory history = new ModelHistory(warehouse.registry(), "fares");
    history
        .registered("1.0.0", trips(0), "ann")
        .registered("2.0.0", trips(1), "ann")
        .registered("3.0.0", "ann")
        .promoted("2.0.0", PromotionStage.STAGING, "bob")
        .promoted("2.0.0", PromotionStage.PRODUCTION, "bob");
    assertThat(judge(MOVED + " where id >= 0", rules)).allMatch(RuleOutcome::passed);
    history.promoted("1.0.0", PromotionStage.STAGING, "bob");
    List<RuleOutcome> moved =
        judge(
            MOVED + " where id >= 0",
            "Drift \"fare\" \"model:fares@staging\" <= 0.2",
            "Drift \"fare\" \"model:fares@9.9.9\" <= 0.2",
            "Drift \"fare\" \"model:fares@3.0.0\" <= 0.2");
    assertThat(moved).noneMatch(RuleOutcome::passed);
    assertThat(messages(moved))
        .satisfiesExactly(
            staging ->
                assertThat(staging)
                    .contains("from version 0 of trips, the training data of fares@1.0.0 ("),
            none -> assertThat(none).contains("no version 9.9.9 of model fares", "is 3.0.0"),
            files -> assertThat(files).contains("fares@3.0.0 learned from files"));
  }

  private LineageInput trips(long version) {
    Optional<String> content = warehouse.tables().findContent("churn/trips", version);
    return new LineageInput("rows", "trips", "churn/trips", version, content.orElseThrow(), 600, 1);
  }

  @Test
  void aProfileOutlivesTheRowsAndAVersionWithoutEitherIsNamed() throws Exception {
    warehouse = Warehouse.open(temp.toString(), temp);
    judge(FIRST, "Drift \"fare\" <= 0.2");
    for (Path file : Attempts.tree(temp.resolve("churn/trips"))) {
      if (file.toString().endsWith(".parquet")) {
        Files.delete(file);
      }
    }
    List<RuleOutcome> outcomes =
        judge(
            MOVED,
            "Drift \"fare\" \"v0\" <= 0.2",
            "Drift \"fare\" \"trips@v0\" > 0.2",
            "Drift \"id\" \"v0\" <= 0.2",
            "Drift \"fare\" \"v7\" <= 0.2",
            "Drift \"fare\" \"previus\" <= 0.2",
            "Drift \"fare\" \"model:nobody\" <= 0.2",
            "NewCategories \"id\" = 0",
            "(NewCategories \"zone\" \"model:nobody\" = 0) and (RowCount > 1)");
    assertThat(outcomes)
        .extracting(RuleOutcome::passed)
        .containsExactly(false, true, false, false, false, true, false, true);
    assertThat(messages(outcomes))
        .satisfiesExactly(
            drifted -> assertThat(drifted).contains("from version 0 of trips"),
            fine -> assertThat(fine).isEqualTo("null"),
            unread -> assertThat(unread).contains("version 0 of trips cannot be read"),
            none -> assertThat(none).contains("version 7 of trips cannot be read"),
            typo ->
                assertThat(typo).contains("reads no dataset previus: did you mean \"previous\""),
            pending -> assertThat(pending).contains("no baseline yet"),
            gone -> assertThat(gone).contains("version 0 of trips cannot be read"),
            part -> assertThat(part).contains("no baseline yet"));
  }

  @Test
  void aPublishedVersionIsNotComparedWithItselfAndAnInputWithItsLastMeasurement() {
    warehouse = Warehouse.open(temp.toString(), temp);
    judge(FIRST, "NewCategories \"zone\" = 0");
    judge(MOVED, "RowCount > 1");
    assertThat(messages(judge(MOVED, "NewCategories \"zone\" = 0")).get(0))
        .contains("1 not in version 0 of trips: null (400 rows)");
    PinnedSource source =
        new PinnedSource(
            "raw", InputKind.TABLE, temp + "/churn/trips", 1, "now", false, List.of(), 1);
    PinnedInput input = new PinnedInput("in", "raw", source, null);
    GateRule rule = new GateRule("r", Severity.BLOCK, "NewCategories \"zone\" = 0", Attempts.AT);
    InputSpec spec = input(new GateSpec(List.of(rule)));
    assertThat(judge(input, spec)).allMatch(outcome -> outcome.message() != null);
    measured("now", 1);
    assertThat(judge(input, spec)).allMatch(outcome -> outcome.message() != null);
    PinnedSource before =
        new PinnedSource(
            "raw", InputKind.TABLE, temp + "/churn/trips", 0, "before", false, List.of(), 1);
    assertThat(messages(judge(new PinnedInput("in", "raw", before, null), spec))).hasSize(1);
    measured("before", 2);
    assertThat(messages(judge(input, spec)).get(0)).contains("not in raw of run");
  }

  @Test
  void rowsOfAnInputThatAreSetApartAreNoPartOfWhatIsCompared() {
    warehouse = Warehouse.open(temp.toString(), temp);
    judge(FIRST, "RowCount > 1");
    judge(FIRST.replace("if(id % 3 = 0, 'a', 'b')", "if(id < 5, 'x', 'a')"), "RowCount > 1");
    PinnedSource source =
        new PinnedSource(
            "raw", InputKind.TABLE, temp + "/churn/trips", 1, "now", false, List.of(), 1);
    GateSpec gate =
        new GateSpec(
            List.of(
                new GateRule(
                    "new", Severity.BLOCK, "NewCategories \"zone\" \"trips@v0\" = 0", Attempts.AT),
                new GateRule(
                    "known",
                    Severity.QUARANTINE,
                    "ColumnValues \"zone\" in [\"a\", \"b\"]",
                    Attempts.AT)),
            0.1,
            List.of());
    assertThat(judge(new PinnedInput("in", "raw", source, null), input(gate)))
        .allMatch(RuleOutcome::passed);
  }

  private static InputSpec input(GateSpec gate) {
    return new InputSpec(
        "raw",
        InputKind.TABLE,
        "x",
        null,
        new TreeMap<>(),
        null,
        null,
        null,
        gate,
        InputSpec.Presence.REQUIRED,
        List.of(),
        null,
        Attempts.AT);
  }

  private void measured(String content, int at) {
    String run = "r20240501-02000" + at + "-1f3a9c";
    warehouse
        .gates()
        .add(
            new Measurement(
                "churn",
                "raw",
                run,
                run + "-make-1",
                Instant.parse("2024-05-01T02:00:00Z"),
                content,
                Verdict.PASS,
                new TreeMap<>()));
  }

  private List<RuleOutcome> judge(PinnedInput input, InputSpec spec) {
    String run = "r20240601-030000-1f3a9c";
    AttemptCall call =
        new AttemptCall(
            "churn",
            run,
            run + "-make-1",
            Attempts.step("make", output()),
            List.of(input),
            List.of(spec));
    try (SparkSessions sessions = sessions();
        AttemptSession session = sessions.open(call)) {
      return session.auditInputs().get(0).outcomes();
    }
  }

  @Test
  void partitionsAddUpAndTheSameRowsGiveTheSameProfile() {
    Dataset<Row> rows =
        TestSpark.session()
            .sql(
                "select if(id % 10 = 0, null, double(hash(id))) as x, string(id % 7) as c,"
                    + " decimal(id % 3) / 2 as d from range(0, 24000, 1, 3)");
    List<Asked> asked =
        List.of(
            new Asked("X", Asked.Form.NUMBERS),
            new Asked("c", Asked.Form.CATEGORIES),
            new Asked("d", Asked.Form.CATEGORIES));
    Profile whole = Profiler.profile(rows.coalesce(1), asked);
    Profile parts = Profiler.profile(rows, asked);
    assertThat(Profiler.profile(rows, asked).toBytes()).isEqualTo(parts.toBytes());
    assertThat(Drift.between(whole, parts, "x", DriftMethod.KS).distance()).isLessThan(0.006);
    assertThat(parts.rows(asked.get(0))).isEqualTo(24_000);
    for (String column : List.of("c", "D")) {
      assertThat(Drift.between(whole, parts, column, DriftMethod.LINF).distance()).isZero();
      assertThat(Drift.strangers(parts, whole, column).names()).isEmpty();
    }
    Profile none = Profiler.profile(rows.limit(0), asked);
    assertThat(none.rows(asked.get(0))).isZero();
    assertThat(Drift.strangers(parts, none, "d").names())
        .containsExactly("\"0\"", "\"0.5\"", "\"1\"");
  }

  private static List<String> messages(List<RuleOutcome> outcomes) {
    return outcomes.stream().map(outcome -> String.valueOf(outcome.message())).toList();
  }

  /** Stages, judges, and publishes if the gate allows it, as a run does. */
  private List<RuleOutcome> judge(String sql, String... rules) {
    runs++;
    String run = "r20240601-02000" + runs + "-1f3a9c";
    OutputSpec output = output(rules);
    AttemptCall call =
        new AttemptCall(
            "churn", run, run + "-make-1", Attempts.step("make", output), List.of(), List.of());
    try (SparkSessions sessions = sessions();
        AttemptSession session = sessions.open(call)) {
      Dataset<Row> rows = session.context().spark().sql(sql);
      StagedTable table = session.stage(StepOutput.table("trips", rows)).tables().get(0);
      Audited audited = session.audit(table, output);
      GateReport report = audited.gate();
      if (report.outcomes().stream().allMatch(RuleOutcome::passed)) {
        String content = audited.digest() + "#" + audited.schemaDigest();
        TableLog tables = warehouse.tables();
        tables.replace(
            table,
            tables.findHead(table.uri()).orElse(-1),
            new TableLog.CommitInfo(run, "make", call.attempt(), content));
      }
      return report.outcomes();
    }
  }

  private SparkSessions sessions() {
    return SparkSessions.within(
            TestSpark.session(),
            warehouse.uri(),
            warehouse.tables(),
            warehouse.models(),
            warehouse.gates(),
            warehouse.ledger())
        .knowing(warehouse.registry());
  }

  private static OutputSpec output(String... rules) {
    List<GateRule> all = new ArrayList<>();
    for (String rule : rules) {
      all.add(new GateRule("r" + all.size(), Severity.BLOCK, rule, Attempts.AT));
    }
    return new OutputSpec(
        "trips", "trips", null, List.of(), List.of(), new GateSpec(all), Attempts.AT);
  }

  /** Lineage of a step that learned from trips, and of one that passed the model on. */
  private void trains(String model, long version) {
    LineageInput rows = trips(version);
    String digest = "m1:" + "a".repeat(64);
    LineageInput candidate = new LineageInput("a", "candidate", "_ml/x", 0, digest, 0, 1);
    LineageInput scores = new LineageInput("metrics", "scores", "churn/scores", 4, "c1:x", 9, 1);
    warehouse
        .ledger()
        .record(
            new Receipt(
                "r20240601-010000-1f3a9c",
                0,
                List.of(
                    event("train", List.of(rows), "candidate", digest),
                    event("choose", List.of(scores, candidate), model, digest))));
  }

  private static LineageEvent event(
      String step, List<LineageInput> inputs, String model, String digest) {
    Instant at = Instant.parse("2024-06-01T01:00:00Z");
    OutputVersion output =
        new OutputVersion(OutputKind.MODEL, "model", model, "_ml/x", 0, digest, null, 0, 1, null);
    return new LineageEvent(
        "r20240601-010000-1f3a9c/" + step,
        LineageEvent.Kind.ATTEMPT,
        "r20240601-010000-1f3a9c",
        "churn",
        "dev",
        step,
        1,
        "succeeded",
        "first",
        "f",
        List.of(),
        inputs,
        List.of(output),
        new TreeMap<>(),
        List.of(),
        null,
        new TreeMap<>(),
        at,
        at);
  }
}
