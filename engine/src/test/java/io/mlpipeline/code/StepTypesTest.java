package io.mlpipeline.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.StepTypeInfo;
import io.mlpipeline.model.StepTypeInfo.KeyInfo;
import io.mlpipeline.model.StepTypeInfo.ParamInfo;
import io.mlpipeline.model.StepTypeInfo.ParamType;
import io.mlpipeline.model.StepTypeInfo.PortInfo;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepTypesTest {

  private static final String RUN = "public StepOutput run(StepContext c, P p) { return null; } }";

  private static final Sources ALL =
      Sources.none()
          .with(
              "a.Kinds",
              "@StepType(value = \"kinds\", deterministic = false,",
              "  inputs = {@Port(\"rows\"), @Port(value = \"*\"),",
              "    @Port(value = \"base\", kind = OutputKind.MODEL, optional = true)},",
              "  outputs = @Port(value = \"model\", kind = OutputKind.MODEL))",
              "public class Kinds implements Step<Kinds.P> {",
              "  enum Algorithm { LOGISTIC_REGRESSION, FOREST { int f() { return 1; } } }",
              "  public record P(",
              "    String label, int maxIter, long seed, @Default(\"0.20\") double holdout,",
              "    @Default(\"true\") boolean balance, @Default(\"90s\") java.time.Duration pause,",
              "    @Default(\"logistic-regression\") Algorithm algorithm,",
              "    @Default(\"a, b\") List<String> columns, @Default(\"\") Map<String, String>"
                  + " names,",
              "    @Default(\"SELECT 1 -- one\") SqlText query) {}",
              RUN);

  @TempDir Path temp;

  private CodeBase scan(Sources sources) throws IOException {
    return CodeBase.scan(List.of(sources.compile(temp.resolve("classes"))), List.of());
  }

  @Test
  void readsPortsParamsTypesAndDefaults() throws IOException {
    StepTypeInfo info = scan(ALL).findType("kinds").orElseThrow();
    assertThat(info.className()).isEqualTo("a.Kinds");
    assertThat(info.deterministic()).isFalse();
    assertThat(info.inputs())
        .containsExactly(
            new PortInfo("rows", OutputKind.TABLE, false),
            new PortInfo("*", OutputKind.TABLE, true),
            new PortInfo("base", OutputKind.MODEL, true));
    assertThat(info.outputs()).containsExactly(new PortInfo("model", OutputKind.MODEL, false));
    assertThat(info.params())
        .containsExactly(
            param("label", ParamType.TEXT, null),
            param("max-iter", ParamType.INTEGER, null),
            param("seed", ParamType.INTEGER, null),
            param("holdout", ParamType.NUMBER, "0.20"),
            param("balance", ParamType.BOOLEAN, "true"),
            param("pause", ParamType.DURATION, "90s"),
            new ParamInfo(
                "algorithm",
                ParamType.CHOICE,
                List.of("logistic-regression", "forest"),
                "logistic-regression"),
            param("columns", ParamType.TEXT_LIST, "a, b"),
            param("names", ParamType.TEXT_MAP, ""),
            param("query", ParamType.SQL, "SELECT 1 -- one"));
  }

  private static ParamInfo param(String name, ParamType type, String defaultText) {
    return new ParamInfo(name, type, List.of(), defaultText);
  }

  @Test
  void fillsInDefaultsInTheFormOfWrittenValues() throws IOException {
    CodeBase base = scan(ALL);
    StepTypeInfo info = base.findType("a.Kinds").orElseThrow();
    SortedMap<String, String> none = base.code(info, Params.NONE).paramTexts();
    assertThat(none)
        .containsExactly(
            Map.entry("algorithm", "\"logistic-regression\""),
            Map.entry("balance", "true"),
            Map.entry("columns", "[\"a\", \"b\"]"),
            Map.entry("holdout", "0.2"),
            Map.entry("names", "{}"),
            Map.entry("pause", "\"PT1M30S\""),
            Map.entry("query", "\"select 1\""));
    TreeMap<String, Object> values = new TreeMap<>();
    values.put("algorithm", "logistic-regression");
    values.put("balance", true);
    values.put("columns", List.of("a", "b"));
    values.put("holdout", new BigDecimal("0.200"));
    values.put("names", Map.of());
    values.put("query", "select\n 1 /* uno */;");
    values.put("pause", "1.5 minutes");
    values.put("label", new BigDecimal("12"));
    values.put("max-iter", "10");
    Params written = new Params(values);
    TreeMap<String, String> all = new TreeMap<>();
    written.values().forEach((key, value) -> all.put(key, Params.text(value)));
    all.putAll(base.code(info, written).paramTexts());
    assertThat(all).containsAllEntriesOf(none);
    assertThat(all).containsEntry("label", "\"12\"").containsEntry("max-iter", "10");
  }

  @Test
  void leavesValuesOfTheWrongTypeAsTheyAreWritten() throws IOException {
    CodeBase base = scan(ALL);
    StepTypeInfo info = base.findType("kinds").orElseThrow();
    Params wrong =
        Params.NONE
            .with("max-iter", "many")
            .with("balance", "yes")
            .with("pause", "soon")
            .with("columns", "a")
            .with("label", List.of("x"));
    assertThat(base.code(info, wrong).paramTexts())
        .doesNotContainKeys("max-iter", "balance", "pause", "columns", "label");
  }

  @Test
  void findsTheParamsThroughAGenericSuperclass() throws IOException {
    Sources sources =
        Sources.none()
            .with("a.P", "public record P(int depth) {}")
            .with(
                "a.Base",
                "abstract class Base<X, Q extends Record> implements Middle<Q, X> {}",
                "interface Middle<R extends Record, Y> extends Step<R> {}")
            .with("a.Sub", "abstract class Sub<Z extends Record> extends Base<String, Z> {}")
            .with("a.S", "@StepType(\"s\") public class S extends Sub<P> {", RUN);
    assertThat(scan(sources).findType("s").orElseThrow().params())
        .containsExactly(param("depth", ParamType.INTEGER, null));
  }

  private static Sources keyed(String annotation, String type) {
    return Sources.none()
        .with(
            "a.b.S",
            "@StepType(\"s\") public class S implements Step<S.P> {",
            "  enum Kind { ONE, TWO }",
            "  public record P(@Default(\"one\") Kind kind, String word,",
            "    @KeysFrom(" + annotation + ") " + type + " more) {}",
            RUN);
  }

  @Test
  void readsWhichKeysAMapMayHoldFromAFileBesideTheParamsInADirectoryOrAJar() throws IOException {
    String annotation = "value = \"keys.params\", by = \"kind\", searched = true";
    Path classes = keyed(annotation, "Map<String, List<String>>").compile(temp.resolve("classes"));
    Files.writeString(classes.resolve("a/b/keys.params"), "one | depth | int | >= 1\n");
    Path jar = Sources.jar(classes, temp.resolve("s.jar"));
    for (Path entry : List.of(classes, jar)) {
      assertThat(CodeBase.scan(List.of(entry), List.of()).findType("s").orElseThrow().params())
          .last()
          .isEqualTo(
              new ParamInfo(
                  "more",
                  ParamType.TEXT_LIST_MAP,
                  List.of(),
                  null,
                  new KeyInfo("kind", true, "one | depth | int | >= 1\n")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "'\"keys.params\"' ! String ! has @KeysFrom at more, which is no map",
        "'\"keys.params\", by = \"word\"' ! Map<String, String> ! by 'word', which is no param"
            + " that",
        "'\"other.params\"' ! Map<String, String> ! of a/b/other.params, which is in none of the",
        "'\"keys.txt\"' ! Map<String, String> ! tables end in .params",
        "'\"bad.params\"' ! Map<String, String> ! whose line 1: there is no type 'many'",
      })
  void saysWhatIsWrongWithATableOfKeys(String annotation, String type, String message)
      throws IOException {
    Path classes = keyed("value = " + annotation, type).compile(temp.resolve("classes"));
    Files.writeString(classes.resolve("a/b/keys.params"), "");
    Files.writeString(classes.resolve("a/b/keys.txt"), "");
    Files.writeString(classes.resolve("a/b/bad.params"), "* | depth | many");
    CodeBase base = CodeBase.scan(List.of(classes), List.of());
    assertThatThrownBy(() -> base.findType("s"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("step class a.b.S")
        .hasMessageContaining(message);
  }

  @Test
  void aClassWithoutTheAnnotationIsNoStep() throws IOException {
    Sources sources =
        ALL.with("a.Silent", "public class Silent implements Step<Kinds.P> {")
            .edit(
                "a.Silent", "Step<Kinds.P> {", "Step<Kinds.P> {" + RUN.replace("P p", "Kinds.P p"));
    CodeBase base = scan(sources);
    assertThat(base.findType("a.Silent")).isEmpty();
    assertThat(base.findType("silent")).isEmpty();
    assertThat(base.stepTypes()).containsOnlyKeys("kinds");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "class B { }                                          | does not implement",
        "abstract class B implements Step<Q> { }              | is abstract",
        "class B implements Step<Q> { B(int x) {} RUN         | has no constructor without",
        "class B implements Step<Q2> { RUN2                   | of a type that params cannot have",
        "class B implements Step<Q3> { RUN3                   | default 'x' for depth",
        "class B implements Step<Q4> { RUN4                   | default 'pear' for fruit",
        "class B<T extends Record> implements Step<T> { RUN5  | does not say which record",
      })
  void saysWhatIsWrongWithAStepWhenItIsUsed(String body, String message) throws IOException {
    String text = body.replace("RUN5", RUN.replace("P p", "T p"));
    for (String q : List.of("Q2", "Q3", "Q4")) {
      text = text.replace("RUN" + q.charAt(1), RUN.replace("P p", q + " p"));
    }
    text = text.replace("RUN", RUN.replace("P p", "Q p"));
    Sources sources =
        ALL.with(
            "a.B",
            "record Q(int depth) {} record Q2(Set<String> names) {}",
            "record Q3(@Default(\"x\") int depth) {}",
            "enum Fruit { APPLE } record Q4(@Default(\"pear\") Fruit fruit) {}",
            "@StepType(\"b\") " + text);
    CodeBase base = scan(sources);
    assertThat(base.stepTypes()).containsOnlyKeys("kinds");
    for (String name : List.of("b", "a.B")) {
      assertThatThrownBy(() -> base.findType(name))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("a.B")
          .hasMessageContaining(message)
          .extracting(e -> ((EngineException) e).type())
          .isEqualTo(ErrorType.STEP_CLASS_INVALID);
    }
  }

  @Test
  void refusesANameThatTwoStepsHaveUnlessTheClassIsNamed() throws IOException {
    Sources sources =
        ALL.with("a.Again", "@StepType(\"kinds\") public class Again implements Step<Kinds.P> {")
            .edit(
                "a.Again", "Step<Kinds.P> {", "Step<Kinds.P> {" + RUN.replace("P p", "Kinds.P p"));
    CodeBase base = scan(sources);
    assertThatThrownBy(() -> base.findType("kinds")).hasMessageContaining("a.Again and a.Kinds");
    assertThat(base.findType("a.Again")).isPresent();
  }
}
