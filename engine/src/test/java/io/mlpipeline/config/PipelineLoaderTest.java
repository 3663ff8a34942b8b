package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.MaxAge;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StepSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineLoaderTest {

  private static final String CHURN =
      """
      pipeline: churn
      params { window-days: 30, seed: 42 }
      inputs {
        raw_events: { files: ${data}"/churn/events", format: csv, schema: events-v1, max-age: 2d }
        customers:  { table: ${warehouse}"/crm/customers@v12" }
      }
      steps {
        ingest_events {
          uses: ingest
          inputs  { raw: raw_events }
          outputs { rows: { as: events, schema: events-v1, partition: day, keys: [id], gate: { block: ["RowCount > 1000"] } } }
        }
        features {
          uses: sql
          inputs  { events: events, customers: customers }
          params  { query: "features.sql", window-days: ${params.window-days} }
          outputs { features: { schema: rows-v1, gate: { block: [\"""IsUnique "id" \"""], warn: [\"""Completeness "age" > 0.95\"""] } } }
          runtime { retries: 2, timeout: 30m, on-oom { shuffle-partitions: x2, max-partition-bytes: "/4" } }
        }
        train_lr { uses: train-classifier, inputs { rows: features }, params { algorithm: logistic-regression }, outputs { model: { as: churn_lr } } }
      }
      """;

  @TempDir Path home;
  private ConfFixture conf;

  @BeforeEach
  void makeProject() {
    conf = new ConfFixture(home);
  }

  private PipelineSpec load() {
    LoadedPipeline loaded = conf.load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.spec()).isNotNull();
    return loaded.spec();
  }

  private StepSpec onlyStep(String text) {
    conf.pipeline("pipeline: p\n" + text);
    return load().steps().get(0);
  }

  @Test
  void readsTheExampleOfTheDesign() {
    conf.pipeline(CHURN)
        .write("conf/env/dev.conf", "data: \"s3a://bucket\"\n")
        .write("conf/pipelines/features.sql", "select 1")
        .environment("dev");
    PipelineSpec spec = load();

    assertThat(spec.name()).isEqualTo("churn");
    assertThat(spec.environment()).isEqualTo("dev");
    assertThat(spec.at()).hasToString("conf/pipelines/p.conf");
    assertThat(spec.steps())
        .extracting(StepSpec::name)
        .containsExactly("ingest_events", "features", "train_lr");
    InputSpec events = spec.input("raw_events").orElseThrow();
    assertThat(events.kind()).isEqualTo(InputKind.FILES);
    assertThat(events.location()).isEqualTo("s3a://bucket/churn/events");
    assertThat(events.format()).isEqualTo("csv");
    assertThat(events.maxAge()).isEqualTo(new MaxAge(Duration.ofDays(2), null));
    assertThat(events.schema().columns()).extracting("name").containsExactly("id", "day", "score");
    InputSpec customers = spec.input("customers").orElseThrow();
    assertThat(customers.kind()).isEqualTo(InputKind.TABLE);
    assertThat(customers.location()).isEqualTo("/wh/crm/customers");
    assertThat(customers.version()).isEqualTo(12L);
    OutputSpec rows = spec.producer("events").orElseThrow().output("rows").orElseThrow();
    assertThat(rows.partitionBy()).containsExactly("day");
    assertThat(rows.keys()).containsExactly("id");
    StepSpec features = spec.step("features").orElseThrow();
    assertThat(features.inputs()).containsOnlyKeys("events", "customers");
    assertThat(features.at()).hasToString("conf/pipelines/p.conf:13");
    assertThat(features.runtime().retries()).isEqualTo(2);
    assertThat(features.runtime().timeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(features.runtime().onOom())
        .hasToString("[shuffle-partitions x2, max-partition-bytes /4]");
    assertThat(Params.text(features.params().values()))
        .isEqualTo("{\"query\": \"select 1\", \"window-days\": 30}");
    assertThat(features.outputs().get(0).gate().rules())
        .extracting("severity", "text")
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Severity.BLOCK, "IsPrimaryKey \"day\""),
            org.assertj.core.groups.Tuple.tuple(Severity.BLOCK, "IsUnique \"id\""),
            org.assertj.core.groups.Tuple.tuple(Severity.WARN, "Completeness \"age\" > 0.95"));
  }

  @Test
  void namesEveryFileThatWasRead() {
    conf.pipeline(CHURN)
        .write("conf/env/local.conf", "data: data")
        .write("conf/sql/features.sql", "select 1");
    assertThat(conf.load().files())
        .extracting(file -> home.relativize(file).toString())
        .containsExactlyInAnyOrder(
            "conf/pipelines/p.conf",
            "conf/env/local.conf",
            "conf/schemas/events-v1.conf",
            "conf/schemas/rows-v1.conf",
            "conf/sql/features.sql");
  }

  @Test
  void keepsTheOrderOfStepsOutputsAndColumns() {
    conf.write("conf/pipelines/more.conf", "m { uses: sql, params { query: q } }\n")
        .write("conf/env/local.conf", "steps { zz { uses: sql, params.query: q }, a.runtime {} }")
        .pipeline(
            """
            pipeline: p
            steps {
              z { uses: sql, params { query: q }, outputs { o9 {}, o1: x, o5: { as: y } } }, "b" { uses: sql, params { query: q } }
              include "more.conf"
              a: ${template}
              c { uses: sql, params { query: q } }
            }
            template { uses: sql, params { query: q } }
            """);
    PipelineSpec spec = load();
    assertThat(spec.steps())
        .extracting(StepSpec::name)
        .containsExactly("z", "b", "m", "a", "c", "zz");
    assertThat(spec.steps().get(0).outputs())
        .extracting(OutputSpec::port, OutputSpec::name)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("o9", "o9"),
            org.assertj.core.groups.Tuple.tuple("o1", "x"),
            org.assertj.core.groups.Tuple.tuple("o5", "y"));
  }

  @Test
  void overlayWinsOverPipelineAndSettingsWinOverAll() {
    conf.write(
            "conf/env/prod.conf",
            "params { a: from-overlay, b: from-overlay }\nsteps.s.runtime.retries: 5")
        .environment("prod")
        .set("params.a", "from-setting")
        .set("window-days", "60")
        .set("steps.s.params.window-days", "61")
        .pipeline(
            """
            pipeline: p
            params { a: x, b: x, c: x, window-days: 30 }
            steps { s {
              uses: sql
              params { query: ${params.a}" "${params.b}" "${params.c}" "${params.window-days} }
            } }
            """);
    StepSpec step = load().steps().get(0);
    assertThat(step.params().find("query")).isEqualTo("from-setting from-overlay x 60");
    assertThat(Params.text(step.params().find("window-days"))).isEqualTo("61");
    assertThat(step.runtime().retries()).isEqualTo(5);
  }

  @Test
  void parsesSettingsAsHoconOnlyWhereTheyAreValues() {
    conf.set("params.a", "1.10")
        .set("params.b", "2026-01-31")
        .set("params.c", "\"quoted\"")
        .set("params.d", "s3a://b/x#y")
        .set("params.e", "${warehouse}")
        .set("params.f", "[x, 2]")
        .set("params.g", "[broken")
        .set("params.h", "{include url(\"http://127.0.0.1:9/\")}");
    String keys = "{ a: 0, b: 0, c: 0, d: 0, e: 0, f: [], g: 0, h: 0, i: 0 }";
    StepSpec step =
        onlyStep(
            "params "
                + keys
                + """

                steps { s { uses: train-classifier, inputs { rows: r }
                  params { columns: ${params.f}, names {
                    a: ${params.a}, b: ${params.b}, c: ${params.c}, d: ${params.d}
                    e: ${params.e}, g: ${params.g}, h: ${params.h} } }
                  outputs { model: m } } }
                inputs { r: { table: "t" } }
                """);
    assertThat(step.params().find("columns")).isEqualTo(List.of("x", "2"));
    assertThat(step.params().find("names"))
        .asInstanceOf(
            org.assertj.core.api.InstanceOfAssertFactories.map(String.class, Object.class))
        .containsExactly(
            entry("a", "1.10"),
            entry("b", "2026-01-31"),
            entry("c", "quoted"),
            entry("d", "s3a://b/x#y"),
            entry("e", "${warehouse}"),
            entry("g", "[broken"),
            entry("h", "{include url(\"http://127.0.0.1:9/\")}"));
  }

  @Test
  void readsTheEnvironmentThroughItsBlockAlone() {
    String text =
        """
        env { DATA: "/default", OTHER: "/other", TOKEN: null }
        inputs { a: { table: ${env.DATA}"/t" }, b: { table: ${env.OTHER}${env.TOKEN} } }
        steps { s { uses: sql, params { query: q } } }
        """;
    conf.variable("DATA", "/real").variable("TOKEN", "/x").pipeline("pipeline: p\n" + text);
    assertThat(load().inputs())
        .extracting(InputSpec::location)
        .containsExactly("/real/t", "/other/x");
  }

  @Test
  void knowsTheRunsDateTheWarehouseAndTheConfRoot() {
    String text =
        """
        steps { s { uses: sql, params { query: ${run.as-of}" "${conf-root}" "${warehouse} } } }
        """;
    assertThat(onlyStep(text).params().find("query"))
        .isEqualTo("2026-01-31 " + home.resolve("conf") + " /wh");
    conf.set("run.as-of", "2024-02-29");
    assertThat(onlyStep(text).params().find("query").toString()).startsWith("2024-02-29 ");
  }

  @Test
  void takesPathsRelativeToTheWorkingDirectoryUnlessTheyHaveAScheme() {
    conf.write("lib/x.jar", "")
        .pipeline(
            """
            pipeline: p
            jars: ["lib/x.jar", "s3a://b/y.jar"]
            inputs {
              a: { files: "data/../d/*.csv", format: csv, options { delimiter: ";", header: true } }
              b: { files: "/abs", format: parquet }
              c: { table: "s3a://b/t@3" }
              d: { table: "x@y/t@v0" }
              e: { table: "crm@live" }
              f: { table: "abfss://c@account.example/t" }
            }
            steps { s { uses: sql, params { query: q } } }
            """);
    PipelineSpec spec = load();
    assertThat(spec.jars()).containsExactly(home.resolve("lib/x.jar").toString(), "s3a://b/y.jar");
    assertThat(conf.seenJars()).isEqualTo(spec.jars());
    assertThat(spec.inputs())
        .extracting(InputSpec::location)
        .containsExactly(
            home + "/d/*.csv",
            "/abs",
            "s3a://b/t",
            home + "/x@y/t",
            home + "/crm@live",
            "abfss://c@account.example/t");
    assertThat(spec.inputs())
        .extracting(InputSpec::version)
        .containsExactly(null, null, 3L, 0L, null, null);
    assertThat(spec.inputs().get(0).options())
        .containsExactly(entry("delimiter", ";"), entry("header", "true"));
  }

  @Test
  void keepsParamsAsWrittenInTheirDeclaredTypes() {
    StepSpec step =
        onlyStep(
            """
            inputs { r: { table: "t" } }
            steps { s { uses: x.Train, inputs { rows: r }, outputs { model: m }, params {
              max-iter: 1e2, rate: 0.10, shuffle: "false", patience: 90 s, label: 1.10
              columns: [a, 1.10, true], names { "a.b": 1.10 }, algorithm: null
            } } }
            """);
    assertThat(Params.text(step.params().values()))
        .isEqualTo(
            "{\"columns\": [\"a\", \"1.10\", \"true\"], \"label\": \"1.10\", \"max-iter\": 100, "
                + "\"names\": {\"a.b\": \"1.10\"}, \"patience\": \"90 s\", \"rate\": 0.1, "
                + "\"shuffle\": false}");
  }

  @Test
  void givesEqualRulesEqualIdsWhateverTheirLayout() {
    StepSpec step =
        onlyStep(
            """
            steps { s { uses: sql, params { query: q }, outputs {
              a: { gate: { block: ["RowCount > 1", \"""IsComplete  "a  b"\"""] } }
              b: { gate: { warn: [\"""
                 RowCount   # at least
                   > 1 \""", { name: full, rule: \"""IsComplete\t"a  b" # x\""" }] } }
            } } }
            """);
    List<io.mlpipeline.model.GateRule> a = step.output("a").orElseThrow().gate().rules();
    List<io.mlpipeline.model.GateRule> b = step.output("b").orElseThrow().gate().rules();
    assertThat(a.get(0).id()).isEqualTo(b.get(0).id()).matches("r[0-9a-f]{10}");
    assertThat(b.get(1).id()).isEqualTo("full");
    assertThat(a.get(1).text()).isEqualTo(b.get(1).text()).isEqualTo("IsComplete \"a  b\"");
    assertThat(b.get(0).at()).hasToString("conf/pipelines/p.conf:4");
  }

  @Test
  void leavesCyclesOfStepsToThePlanner() {
    conf.pipeline(
        """
        pipeline: p
        steps {
          a { uses: sql, params { query: q }, inputs { x: b, y: a }, outputs { a {} } }
          b { uses: sql, params { query: q }, inputs { x: a }, outputs { b {} } }
        }
        """);
    assertThat(load().steps()).hasSize(2);
  }

  @Test
  void acceptsAByteOrderMarkAndWindowsLineEnds() {
    conf.pipeline(
        "\uFEFFpipeline: p\r\nsteps {\r\n  s { uses: sql\r\n    params { query: q } }\r\n}\r\n");
    assertThat(load().steps().get(0).params().find("query")).isEqualTo("q");
  }

  @Test
  void allowsTheIdiomsThatWriteAKeyTwice() {
    conf.write("lib/a.jar", "").write("lib/b.jar", "").set("reader", "q2");
    conf.pipeline(
        """
        pipeline: p
        query: q1
        query: ${?reader}
        jars: ["lib/a.jar"]
        jars += "lib/b.jar"
        steps { s { uses: sql, params { query: ${query} } } }
        """);
    assertThat(load().jars()).hasSize(2);
    assertThat(load().steps().get(0).params().find("query")).isEqualTo("q2");
  }

  @Test
  void takesTheFilesOwnDirectoryAsConfRootWhereThereIsNoOther() {
    conf.write(
            "alone/p.conf", "pipeline: p, steps { s { uses: sql, params { query: \"q.sql\" } } }")
        .write("alone/q.sql", "select 1");
    LoadedPipeline loaded = conf.load("alone/p.conf");
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.spec().steps().get(0).params().find("query")).isEqualTo("select 1");
  }

  @Test
  void readsTheExampleOfTheDocs() throws java.io.IOException {
    String docs = java.nio.file.Files.readString(Path.of("../docs/config.md"));
    String start = "```hocon\n";
    int from = docs.indexOf(start) + start.length();
    conf.pipeline(docs.substring(from, docs.indexOf("```", from)))
        .write("conf/sql/features.sql", "select 1");
    assertThat(load().steps())
        .extracting(StepSpec::name)
        .containsExactly("ingest_events", "features", "train");
  }

  @Test
  void takesPartitionAndKeysFromTheContractAndEnforcesItsValues() {
    conf.write(
        "conf/schemas/paid-v1.conf",
        """
        columns {
          id: { type: bigint, nullable: false }
          day: date
          kind: { type: string, allowed: [card, cash] }
          rate: { type: double, nullable: false, allowed: [1, 2.50, -1e2] }
          due: { type: date, allowed: [2024-01-01] }
          open: { type: boolean, allowed: [true] }
        }
        keys: [id]
        partition: day
        new-columns: warn
        """);
    conf.pipeline(
        """
        pipeline: p
        inputs {
          raw:  { files: "a", format: csv, schema: paid-v1 }
          rows: { files: "b", format: csv, schema: paid-v1, gate: { block: "RowCount > 0" } }
        }
        steps {
          i { uses: ingest, inputs { raw: raw }, outputs { rows: { as: paid, schema: paid-v1 } } }
          j { uses: ingest, inputs { raw: raw }, outputs { rows: { as: own, schema: paid-v1, keys: [kind], partition: [] } } }
          s { uses: sql, inputs { rows: rows }, params { query: "x.sql" }, outputs { out: { keys: [a, b] } } }
        }
        """);
    conf.write("conf/pipelines/x.sql", "select 1");
    PipelineSpec spec = load();
    assertThat(spec.input("raw").orElseThrow().gate().rules()).isEmpty();
    assertThat(spec.input("rows").orElseThrow().gate().rules())
        .extracting(r -> r.id() + ": " + r.text())
        .containsExactly(
            "contract-id-not-null: IsComplete \"id\"",
            "contract-kind-allowed: ColumnValues \"kind\" in [\"card\", \"cash\", NULL]",
            "contract-rate-not-null: IsComplete \"rate\"",
            "contract-rate-allowed: ColumnValues \"rate\" in [1, 2.50, -100]",
            "contract-due-allowed: ColumnValues \"due\" in [\"2024-01-01\", NULL]",
            "contract-open-allowed: RowCount = 0 where \"`open` = false\"",
            "contract-keys: IsPrimaryKey \"id\"",
            "contract-new-columns: ColumnCount = 6",
            GateReader.idOf("RowCount > 0") + ": RowCount > 0");
    OutputSpec paid = spec.steps().get(0).outputs().get(0);
    assertThat(paid.partitionBy()).containsExactly("day");
    assertThat(paid.keys()).containsExactly("id");
    assertThat(paid.gate().rules())
        .extracting("id")
        .containsExactly(
            "contract-kind-allowed",
            "contract-rate-allowed",
            "contract-due-allowed",
            "contract-open-allowed",
            "contract-keys",
            "contract-new-columns");
    OutputSpec own = spec.steps().get(1).outputs().get(0);
    assertThat(own.partitionBy()).isEmpty();
    assertThat(own.keys()).containsExactly("kind");
    assertThat(own.gate().rules()).extracting("text").contains("IsPrimaryKey \"kind\"");
    assertThat(spec.steps().get(2).outputs().get(0).gate().rules())
        .extracting("text")
        .containsExactly("IsPrimaryKey \"a\" \"b\"");
  }

  @Test
  void keepsTheNamesOfContractRulesForContracts() {
    conf.pipeline(
        """
        pipeline: p
        inputs { raw: { files: "a", format: csv, gate: { warn: { name: contract-keys, rule: "RowCount > 0" } } } }
        steps { i { uses: ingest, inputs { raw: raw }, outputs { rows: rows } } }
        """);
    assertThat(conf.problems())
        .containsExactly(
            "conf/pipelines/p.conf:2: 'contract-keys': names that start with contract- are the"
                + " contract's (choose another name)");
  }
}
