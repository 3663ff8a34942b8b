package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user reads: one line a problem, with file and line, all of them at once. */
class PipelineProblemsTest {

  private static final String FILE = "conf/pipelines/p.conf:";
  private static final String NAMING = " (use a-z, 0-9 and _, a letter first, at most 128)";
  private static final String STEP = "steps { s { uses: sql, params { query: q } } }\n";

  @TempDir Path home;
  private ConfFixture conf;

  @BeforeEach
  void makeProject() {
    conf = new ConfFixture(home);
  }

  /** Loads the text below the line {@code pipeline: p}; expects these, without the file's name. */
  private void expect(String text, String... problems) {
    conf.pipeline("pipeline: p\n" + text);
    List<String> expected = new ArrayList<>();
    for (String problem : problems) {
      expected.add(Character.isDigit(problem.charAt(0)) ? FILE + problem : problem);
    }
    assertThat(conf.problems()).containsExactlyElementsOf(expected);
  }

  @Test
  void refusesWhatIsNotAKeyOfItsObject() {
    expect(
        """
        parms { a: 1 }
        used: 1
        inputs { i: { files: x, format: csv, shcema: events-v1, options { sep: [1] } } }
        steps {
          s { uses: sql, params { query: ${used} }, outptus {}, runtime { retires: 1 }
              outputs { o: { kyes: [a], gate { blok: [] } } } }
        }
        """,
        "2: unknown key 'parms' (did you mean 'params'?)",
        "4: unknown key 'shcema' in 'inputs.i' (did you mean 'schema'?)",
        "4: 'inputs.i.options.sep' must be text, not a list",
        "6: unknown key 'retires' in 'steps.s.runtime' (did you mean 'retries'?)",
        "6: unknown key 'outptus' in 'steps.s' (did you mean 'outputs'?)",
        "7: unknown key 'kyes' in 'steps.s.outputs.o' (did you mean 'keys'?)",
        "7: unknown key 'blok' in 'steps.s.outputs.o.gate' (did you mean 'block'?)");
  }

  @Test
  void refusesReferencesOfGatesThatAreNoOtherTable() {
    expect(
        """
        inputs { people: { table: t, gate { references: [poeple, people], block: [x] } } }
        steps {
          s { uses: sql, params { query: q }, inputs { people: people }
              outputs { o: { gate { references: [nothing-like-it, people], block: [x] } } } }
          f { uses: train-classifier, inputs { rows: o }, outputs { model: { as: m } } }
          t { uses: sql, params { query: q }, inputs { o: o }
              outputs { z: { gate { references: [m], block: [x] } } } }
        }
        """,
        "2: the gate of 'people' refers to 'poeple', which nothing makes (did you mean 'people'?)",
        "2: the gate of 'people' refers to 'people', which it judges (its rules see those rows"
            + " without that)",
        "5: the gate of 'o' refers to 'nothing-like-it', which nothing makes (a reference is an"
            + " input of the pipeline or an output of a step)",
        "8: the gate of 'z' refers to 'm', which is a model (a gate looks at tables only)");
  }

  @Test
  void refusesValuesOfAnotherKind() {
    expect(
        """
        params: [1]
        inputs: 3
        jars: {}
        env: x
        steps { s: 7, t { uses: [sql], params: 1, inputs: [x], outputs { o: [] }, runtime: 2 } }
        """,
        "2: 'params' must be an object, not a list",
        "3: 'inputs' must be an object, not a number",
        "4: 'jars' must be a list of texts, not an object",
        "5: 'env' must be an object, not text",
        "6: 'steps.s' must be an object, not a number",
        "6: 'steps.t.uses' must be text, not a list",
        "6: 'steps.t.inputs' must be an object, not a list",
        "6: 'steps.t.params' must be an object, not a number",
        "6: 'steps.t.outputs.o' must be an object, not a list",
        "6: 'steps.t.runtime' must be an object, not a number");
  }

  @Test
  void refusesWhatIsMissing() {
    conf.pipeline("");
    assertThat(conf.problems())
        .containsExactly(
            "conf/pipelines/p.conf: the file has no 'pipeline' (for example pipeline: churn)",
            "conf/pipelines/p.conf: the file has no 'steps' (for example steps { ... })");
    expect(
        """
        inputs { a: {}, b: { files: x }, c: { files: x, format: csv, table: y }, d: { files: "" } }
        steps { s {}, t { uses: sql }, u { uses: evaluate, inputs { rows: a } } }
        """,
        "2: 'inputs.a' has neither 'files' nor 'table' nor 'jdbc' nor 'model' (for example files:"
            + " \"data/events\", format: csv)",
        "2: 'inputs.b' has no 'format' (one of csv, json, parquet, orc, avro)",
        "2: 'inputs.c' has both 'files' and 'table' (keep one of them)",
        "2: 'inputs.d.files' is empty",
        "2: 'inputs.d' has no 'format' (one of csv, json, parquet, orc, avro)",
        "3: 'steps.s' has no 'uses' (for example uses: sql)",
        "3: 'steps.t' has no param 'query' (add params { query: ... })",
        "3: 'steps.u' has no input 'model' (step type 'evaluate' needs it: inputs { model: ... })",
        "3: 'steps.u' has no output 'metrics' (step type 'evaluate' needs it: outputs { metrics:"
            + " ... })");
    expect("steps {}", "2: the pipeline has no steps (for example load { uses: ingest })");
  }

  @Test
  void keepsTheNamesOfQuarantinesForTheEngine() {
    expect(
        """
        steps { s { uses: sql, params { query: q }, outputs { o: { as: a__quarantine } } } }
        """,
        "2: 'a__quarantine' is a name of the engine's own: rows that a gate sets apart go there"
            + " (give the output another name with 'as')");
  }

  @Test
  void refusesInputsThatCannotBe() {
    expect(
        """
        inputs {
          a: { files: x, format: cvs }
          b: { table: "s3a://me:secret@b/x", format: csv }
          c: { table: "x@v99999999999999999999" }
          d: { files: x, format: json, max-age: 30 }
          e: { files: x, format: json, max-age: 0s }
          f: { files: x, format: json, max-age: 300000d }
          g: { files: "a\\u0000b", format: json, schema: "../x" }
        }
        """
            + STEP,
        "3: 'inputs.a.format' cannot be 'cvs' (did you mean 'csv'?)",
        "4: 'inputs.b.table' holds a password (give credentials to the store's own settings)",
        "4: 'inputs.b.format' makes no sense for a table (leave it out)",
        "5: 'inputs.c.table' asks for version 'v99999999999999999999'",
        "6: 'inputs.d.max-age' must be a duration such as 30s, 15m, 2h or 7d, not '30'",
        "7: 'inputs.e.max-age' must be longer than nothing",
        "8: 'inputs.f.max-age' must be a duration such as 30s, 15m, 2h or 7d, not '300000d'",
        "9: '../x' is no name of a schema (write NAME-vN, such as events-v1)",
        "9: 'inputs.g.files' is no path: 'a\\u0000b'");
  }

  @Test
  void holdsParamsAgainstTheirTypes() {
    expect(
        """
        inputs { r: { table: t } }
        steps { c { uses: train-classifier, inputs { rows: r }, outputs { model: m }, params {
          algorithm: logistic-regresion
          max-iter: 1.5
          rate: 1e400
          shuffle: yes
          patience: 5
          label: [x]
          columns: x
          names: 3
          max-itr: 3
        } }
        d { uses: train-classifier, inputs { rows: r }, outputs { model: n }, params {
          algorithm: svm
          max-iter: 9223372036854775808
          rate: 1e-2000000000
          shuffle: {}
          patience: -1s
          columns: [[x]]
          names { a { b: 1 } }
        } } }
        """,
        "4: 'steps.c.params.algorithm' cannot be 'logistic-regresion' (did you mean"
            + " 'logistic-regression'?)",
        "5: 'steps.c.params.max-iter' must be a whole number, not '1.5'",
        "6: 'steps.c.params.rate' is out of range: 1e400 (numbers lie between 1e-300 and 1.79e308,"
            + " or are 0)",
        "7: 'steps.c.params.shuffle' must be true or false, not 'yes'",
        "8: 'steps.c.params.patience' must be a duration such as 30s, 15m, 2h or 7d, not '5'",
        "9: 'steps.c.params.label' must be text, not a list",
        "10: 'steps.c.params.columns' must be a list of texts, not 'x'",
        "11: 'steps.c.params.names' must be an object, not a number",
        "12: step type 'train-classifier' has no param 'max-itr' (did you mean 'max-iter'?)",
        "15: 'steps.d.params.algorithm' cannot be 'svm' (one of logistic-regression,"
            + " random-forest)",
        "16: 'steps.d.params.max-iter' is out of range: 9223372036854775808 (whole numbers from"
            + " -9223372036854775808 to 9223372036854775807)",
        "17: 'steps.d.params.rate' is out of range: 1e-2000000000 (numbers lie between 1e-300 and"
            + " 1.79e308, or are 0)",
        "18: 'steps.d.params.shuffle' must be true or false, not an object",
        "19: 'steps.d.params.patience' must be a duration such as 30s, 15m, 2h or 7d, not '-1s'",
        "20: 'steps.d.params.columns[0]' must be text, not a list",
        "21: 'steps.d.params.names.a' must be text, not an object");
  }

  @Test
  void refusesRuntimesOutOfRange() {
    expect(
        """
        steps {
          a { uses: sql, params { query: q }, runtime { retries: 101, backoff: soon, timeout: 0s } }
          b { uses: sql, params { query: q }, runtime { retries: -1 } }
          c { uses: sql, params { query: q }, runtime { retries: 2147483648 } }
        }
        """,
        "3: 'steps.a.runtime.retries' is out of range: 101 (whole numbers from 0 to 100)",
        "3: 'steps.a.runtime.backoff' must be a duration such as 30s, 15m, 2h or 7d, not 'soon'",
        "3: 'steps.a.runtime.timeout' must be longer than nothing",
        "4: 'steps.b.runtime.retries' is out of range: -1 (whole numbers from 0 to 100)",
        "5: 'steps.c.runtime.retries' is out of range: 2147483648 (whole numbers from 0 to 100)");
  }

  @Test
  void refusesChangesThatCouldChangeResultsOrTakeMoreMemory() {
    expect(
        """
        steps {
          a { uses: sql, params { query: q }, runtime { retries: 1, on-oom { shufle-partitions: x2 } } }
          b { uses: sql, params { query: q }, runtime { retries: 1, on-oom { seed: x2 } } }
          c { uses: sql, params { query: q }, runtime { retries: 1, on-oom { shuffle-partitions: /2 } } }
          d { uses: sql, params { query: q }, runtime { retries: 1, on-oom { max-partition-bytes: 64 } } }
          e { uses: sql, params { query: q }, runtime { retries: 1, on-oom { broadcast-bytes: /1 } } }
          f { uses: sql, params { query: q }, runtime { on-oom { shuffle-partitions: x2 } } }
          g { uses: sql, params { query: q }, runtime { retries: 1, on-oom: x2 } }
        }
        """,
        "3: 'steps.a.runtime.on-oom' cannot change 'shufle-partitions' (did you mean"
            + " 'shuffle-partitions'?)",
        "4: 'steps.b.runtime.on-oom' cannot change 'seed' (settings that never change results:"
            + " shuffle-partitions, max-partition-bytes, advisory-partition-bytes, broadcast-bytes,"
            + " reader-batch-rows)",
        "5: 'steps.c.runtime.on-oom.shuffle-partitions: /2' would take more memory, not less (write"
            + " x2)",
        "6: 'steps.d.runtime.on-oom.max-partition-bytes' is no factor: 64 (write /2, or another"
            + " whole number from 2 to 9999)",
        "7: 'steps.e.runtime.on-oom.broadcast-bytes' is no factor: /1 (write /2, or another whole"
            + " number from 2 to 9999)",
        "8: 'steps.f.runtime.on-oom' changes the next attempt, and there is none (give 'retries',"
            + " for instance retries: 2)",
        "9: 'steps.g.runtime.on-oom' must be an object, not text");
  }

  @Test
  void holdsStepsAgainstTheirTypes() {
    expect(
        """
        inputs { i: { table: t } }
        steps {
          a { uses: ingst, inputs { any: i }, params { any: 1 }, outputs { any: a } }
          b { uses: no.such.Class }
          c { uses: ingest, inputs { row: i }, outputs { rows: c, bad: d } }
          d { uses: evaluate, inputs { rows: i, model: i }, outputs { metrics: e } }
          f { uses: train-classifier, inputs { rows: m }, outputs { model: { as: m, schema: events-v1, gate { block: [x] } } } }
        }
        """,
        "4: there is no step type 'ingst' (did you mean 'ingest'?)",
        "5: there is no step type 'no.such.Class' (known are evaluate, ingest, register, sql,"
            + " train-classifier; classes need 'jars')",
        "6: 'steps.c' has no input 'raw' (step type 'ingest' needs it: inputs { raw: ... })",
        "6: step type 'ingest' has no input 'row' (did you mean 'raw'?)",
        "6: step type 'ingest' has no output 'bad' (it has rows)",
        "7: input 'model' of step 'd' takes a model, but 'i' is a table (made by input 'i')",
        "8: 'steps.f.outputs.model.schema' makes no sense: this port carries no table",
        "8: 'steps.f.outputs.model.gate' makes no sense: this port carries no table",
        "8: input 'rows' of step 'f' takes a table, but 'm' is a model (made by step 'f')");
  }

  @Test
  void refusesNamesThatDoNotJoin() {
    expect(
        """
        inputs { raw: { table: t }, events: { table: t } }
        steps {
          a { uses: sql, params { query: q }, inputs { x: evnets }, outputs { raw {} } }
          b { uses: sql, params { query: q }, inputs { x: zzz }, outputs { o: {} } }
          c { uses: sql, params { query: q }
              outputs { o: {}, p: q, r: { as: q } } }
        }
        """,
        "4: step 'a' makes 'raw', and so does input 'raw' in conf/pipelines/p.conf:2 (give one of"
            + " them another name with 'as')",
        "4: step 'a' reads 'evnets', which nothing makes (did you mean 'events'?)",
        "5: step 'b' reads 'zzz', which nothing makes",
        "7: step 'c' makes 'o', and so does step 'b' in conf/pipelines/p.conf:5 (give one of them"
            + " another name with 'as')",
        "7: step 'c' makes 'q', and so does step 'c' in conf/pipelines/p.conf:7 (give one of them"
            + " another name with 'as')");
  }

  @Test
  void doesNotBlameReadersForInputsThatAreBroken() {
    expect(
        """
        inputs { raw: { table: t, oops: 1, files: x } }
        steps { a { uses: sql, params { query: q }, inputs { x: raw } } }
        """,
        "2: unknown key 'oops' in 'inputs.raw'",
        "2: 'inputs.raw' has both 'files' and 'table' (keep one of them)",
        "2: 'inputs.raw' has no 'format' (one of csv, json, parquet, orc, avro)");
  }

  @Test
  void refusesNamesThatAreNotSafe() {
    String[] bad = {
      "Events",
      "1a",
      "a-b",
      "../x",
      "..\\\\x",
      "/abs",
      "%2e%2e",
      "a#b",
      "a?b",
      "file:",
      "a b",
      "CON",
      "a.",
      "caf\u00e9",
      "a\\nb",
      "a\u202eb",
      "\u0131d",
      "x".repeat(129)
    };
    for (String name : bad) {
      conf.pipeline(
          "pipeline: p\nsteps { s { uses: sql, params { query: q }, outputs { o: { as: \""
              + name
              + "\" } } }\n\""
              + name
              + "\" { uses: sql, params { query: q } } }");
      assertThat(conf.problems())
          .as(name)
          .hasSize(2)
          .allMatch(problem -> problem.endsWith(NAMING) && problem.startsWith(FILE))
          .allMatch(problem -> problem.chars().allMatch(c -> c >= ' ' && c != 0x202e));
      conf.pipeline("pipeline: \"" + name + "\"\n" + STEP);
      assertThat(conf.problems()).as(name).hasSize(1).allMatch(p -> p.endsWith(NAMING));
      assertThat(conf.load().spec()).isNull();
    }
  }

  @Test
  void holdsKeysAndPartitionsAgainstTheSchema() {
    expect(
        """
        steps { s { uses: sql, params { query: q }, outputs {
          a: { schema: event-v1, keys: [anything] }
          b: { schema: events-v1, keys: [idd, day, day], partition: scor }
          c: { schema: events-v1, partition: [score] }
          d: { schema: rows-v1, partition: [day, kind] }
        } } }
        """,
        "3: there is no schema 'event-v1' (did you mean 'events-v1'?)",
        "4: 'steps.s.outputs.b.partition': 'scor' is no column of events-v1 (did you mean"
            + " 'score'?)",
        "4: 'steps.s.outputs.b.keys': 'idd' is no column of events-v1 (did you mean 'id'?)",
        "4: 'steps.s.outputs.b.keys' names 'day' twice",
        "5: 'steps.s.outputs.c.partition': 'score' is of type double, whose values cannot name a"
            + " partition (use a date, text, whole number, decimal or boolean)",
        "6: 'steps.s.outputs.d.partition' names every column (leave at least one for the data)");
  }

  @Test
  void reportsASchemaThatIsBrokenOnce() {
    conf.write("conf/schemas/bad-v1.conf", "columns {\n  a: bigint\n  b: strng\n}\n");
    expect(
        """
        inputs { i: { table: t, schema: bad-v1 }, j: { table: t, schema: bad-v1 } }
        """
            + STEP,
        "conf/schemas/bad-v1.conf:3: column type 'strng': there is no type 'strng' (did you mean"
            + " 'string'?)");
  }

  @Test
  void refusesRulesThatWouldLetDataPass() {
    expect(
        """
        inputs { r: { table: t, gate {
          block: [
            "RowCount > 1"
            "RowCount   > 1"
            " "
            "Rules = [ RowCount > 1 ]"
            "Analyzers = [ RowCount ]"
            { name: x, rule: "A" }, { name: x, rule: "B" }
            { name: "X Y", rule: "C" }
            { rule: "D", scope: table }
            [ "E" ]
          ]
          warn: "RowCount > 1"
          quarantine: ["RowCount > 1"]
        } } }
        """
            + STEP,
        "5: the rule 'RowCount > 1' is already used in conf/pipelines/p.conf:4 (keep one)",
        "6: the rule is empty (for example RowCount > 100)",
        "7: a rule stands alone, without 'Rules = [ ]' (write one rule a text)",
        "8: a rule stands alone, without 'Rules = [ ]' (write one rule a text)",
        "9: the name 'x' is already used in conf/pipelines/p.conf:9 (keep one)",
        "10: 'X Y' is no name for a rule (use a-z, 0-9, - and _, a letter first)",
        "11: unknown key 'scope' in 'inputs.r.gate.block[8]'",
        "12: 'inputs.r.gate.block[9]' must be text, not a list",
        "14: the rule 'RowCount > 1' is already used in conf/pipelines/p.conf:4 (keep one)",
        "15: the rule 'RowCount > 1' is already used in conf/pipelines/p.conf:4 (keep one)");
  }

  @Test
  void refusesKeysThatAreWrittenTwice() {
    expect(
        """
        steps {
          x { uses: sql, params { query: q } }
          y { uses: sql
              uses: ingest, params { query: q } }
          x { uses: sql, params { query: q } }
        }
        params { a: 1 }
        params.a: 2
        params."b": 1, params.b { }
        """,
        "4: 'steps.y' has no input 'raw' (step type 'ingest' needs it: inputs { raw: ... })",
        "4: 'steps.y' has no output 'rows' (step type 'ingest' needs it: outputs { rows: ... })",
        "5: 'steps.y.uses' is written twice, in lines 4 and 5 (keep one: HOCON would merge or"
            + " replace silently)",
        "5: step type 'ingest' has no param 'query'",
        "6: 'steps.x' is written twice, in lines 3 and 6 (keep one: HOCON would merge or replace"
            + " silently)",
        "9: 'params.a' is written twice, in lines 8 and 9 (keep one: HOCON would merge or replace"
            + " silently)",
        "10: 'params.b' is written twice, in lines 10 and 10 (keep one: HOCON would merge or"
            + " replace silently)");
  }

  @Test
  void reportsEverySubstitutionThatLeadsNowhereAndGoesOn() {
    conf.variable("HOME", "/secret");
    expect(
        """
        params { window-days: 3, a: ${HOME}, b: "x"${params.window-day} }
        env { DATA: "/d", TOKEN: null, "a b": 1 }
        inputs {
          i: { table: ${env.DTA} }
          j: { table: ${env.TOKEN}"/x", formt: 1 }
          k: ${nowhere} { table: x }
        }
        steps { s { uses: sql, params { query: ${?nothing} } } }
        """,
        "2: ${HOME} is not defined (environment variables: env { HOME: \"a default\" } and"
            + " ${env.HOME})",
        "2: ${params.window-day} is not defined (did you mean 'params.window-days'?)",
        "3: the environment variable TOKEN is not set (set it, or give a default: env { TOKEN:"
            + " \"default\" })",
        "3: 'env.\"a b\"' does not name an environment variable",
        "5: ${env.DTA} is not defined (declare it: env { DTA: \"a default, or null\" })",
        "6: unknown key 'formt' in 'inputs.j' (did you mean 'format'?)",
        "7: ${nowhere} is not defined",
        "9: 'steps.s' has no param 'query' (add params { query: ... })");
  }

  @Test
  void refusesSettingsThatNameNothing() {
    conf.set("params.window-day", "3")
        .set("window-dyas", "3")
        .set("steps.t.runtime.retries", "1")
        .set("steps.s.runtime.retries", "1000")
        .set("steps.s.params.qurey", "x")
        .set("a..b", "1")
        .set("warehouse", "/x")
        .set("run.as-of", "yesterday");
    expect(
        "params { window-days: 30 }\n" + STEP,
        "--set: 'params.window-day' names nothing in the pipeline or its overlay (did you mean"
            + " 'params.window-days'?)",
        "--set: 'window-dyas' names nothing in the pipeline or its overlay (did you mean"
            + " 'window-days'?)",
        "--set: 'steps.t.runtime.retries' names nothing in the pipeline or its overlay",
        "--set: 'a..b' is no key (write --set KEY=VALUE)",
        "--set: 'warehouse' cannot be set (use --warehouse)",
        "--set: run.as-of: 'yesterday' is no date (write it as 2026-01-31)",
        "--set: step type 'sql' has no param 'qurey' (did you mean 'query'?)",
        "--set: 'steps.s.runtime.retries' is out of range: 1000 (whole numbers from 0 to 100)");
  }

  @Test
  void placesProblemsInTheFileThatBroughtTheValue() {
    conf.write("conf/env/prod.conf", "team: x\n\nsteps.s.runtime.retries: 101\nsteps.t.a: 1\n")
        .write("conf/pipelines/common.conf", "\nbad: 1e999\n")
        .environment("prod");
    expect(
        """
        include "common"
        steps { s { uses: sql, params { query: q, window-days: ${bad} } } }
        """,
        "conf/env/prod.conf:3: 'steps.s.runtime.retries' is out of range: 101 (whole numbers from 0"
            + " to 100)",
        "conf/env/prod.conf:4: 'steps.t' has no 'uses' (for example uses: sql)",
        "conf/env/prod.conf:4: unknown key 'a' in 'steps.t'",
        "conf/pipelines/common.conf:2: 'steps.s.params.window-days' is out of range: 1e999 (numbers"
            + " lie between 1e-300 and 1.79e308, or are 0)");
  }

  @Test
  void refusesEnvironmentsThatDoNotExist() {
    conf.write("conf/env/prod.conf", "").environment("prdo");
    expect(STEP, "--env: there is no environment 'prdo' in conf/env (did you mean 'prod'?)");
    conf.environment("../env/prod");
    expect(STEP, "--env: there is no environment '../env/prod' in conf/env (one of prod)");
  }

  @Test
  void refusesToDefineWhatIsGiven() {
    conf.write("conf/env/prod.conf", "warehouse: \"/x\"").environment("prod");
    expect(
        "run { as-of: 1 }\n" + STEP,
        "conf/env/prod.conf:1: 'warehouse' is given, not defined here (use --warehouse)",
        "2: 'run' is given, not defined here (choose another name)");
  }

  @Test
  void refusesFilesThatAreNotThere() {
    conf.write("conf/pipelines/dir/x", "");
    assertThat(conf.load("conf/pipelines/gone.conf").problems())
        .extracting(Object::toString)
        .containsExactly("conf/pipelines/gone.conf: 'conf/pipelines/gone.conf' does not exist");
    assertThat(conf.load("conf/pipelines/dir").problems())
        .extracting(Object::toString)
        .containsExactly("conf/pipelines/dir: 'conf/pipelines/dir' is a directory, not a file");
    conf.write("secret.sql", "select 1").write("conf/pipelines/empty.sql", "\n");
    expect(
        """
        jars: ["gone.jar"]
        steps {
          a { uses: sql, params { query: "gone.sql" } }
          b { uses: sql, params { query: "../../secret.sql" } }
          c { uses: sql, params { query: "empty.sql" } }
        }
        """,
        "2: the jar 'gone.jar' does not exist (jars are relative to the working directory; build"
            + " it first)",
        "4: the SQL file 'gone.sql' does not exist (put it beside the pipeline, or into conf/sql)",
        "5: the SQL file '../../secret.sql' is outside the conf root (move it below the conf root)",
        "6: the SQL file 'conf/pipelines/empty.sql' is empty");
  }

  @Test
  void wordsTheParsersComplaints() {
    expect("a: {\n  b: 1\n", "2: the { here is never closed (add the missing })");
    expect("a: [1,\n", "2: the [ here is never closed (add the missing ])");
    expect("a: \"x\n", "2: the quoted text here does not end on its line (add a quote)");
    expect("a: \"\"\"x\n\n", "2: the text in triple quotes here is never closed (add \"\"\")");
    expect("a: ${x", "2: the substitution ${ here is never closed (add the missing })");
    expect(
        "a: @x\n",
        "2: Reserved character '@' is not allowed outside quotes (put it in double quotes if it"
            + " belongs to a text)");
    expect(
        "\nsteps { uses ingest }\n",
        "3: Key 'uses ingest' may not be followed by token: '}' (write key: value)");
    expect(
        "a: 1 }\n",
        "2: unbalanced close brace '}' with no open brace (put it in double quotes if it belongs to"
            + " a text)");
    conf.pipeline("[1]");
    assertThat(conf.problems())
        .containsExactly(FILE + "1: the file holds a list where keys and values are expected");
  }

  @Test
  void reportsErrorsOfPipelineAndOverlayTogether() {
    conf.write("conf/env/prod.conf", "a: {\n").environment("prod");
    expect(
        "b: [\n",
        "conf/env/prod.conf:1: the { here is never closed (add the missing })",
        "2: the [ here is never closed (add the missing ])");
  }
}
