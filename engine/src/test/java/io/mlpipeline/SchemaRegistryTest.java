package io.mlpipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.InvalidConfigException;
import io.mlpipeline.model.NewColumns;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaRegistryTest {

  @TempDir Path home;

  private void write(String name, String text) throws IOException {
    Path file = home.resolve("conf/schemas").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private SchemaRegistry registry() {
    return SchemaRegistry.open(home);
  }

  private List<String> problems() {
    return shown(registry().check().problems());
  }

  private static List<String> shown(List<Problem> problems) {
    return problems.stream().map(Problem::toString).toList();
  }

  @Test
  void holdsEachVersionToItsWordAboutTheOneBefore() throws IOException {
    write("x-v1.conf", "columns { a: int, b: { type: int, nullable: false } }\nkeys: [a]");
    write("x-v2.conf", "columns { a: int\nb: int\nc: date }\nkeys: [b]\ncompatible: backward");
    write("x-v10.conf", "columns { b: int, a: int, c: date }\nkeys: [b]");
    write("y-v1.conf", "columns { a: int }");
    write("y-v2.conf", "columns { a: int, b: int }\ncompatible: breaking");
    write("y-v3.conf", "columns { a: int }");
    SchemaRegistry registry = registry();
    assertThat(registry.schemas())
        .extracting(SchemaSpec::name)
        .containsExactly("x-v1", "x-v2", "x-v10", "y-v1", "y-v2", "y-v3");
    assertThat(problems())
        .containsExactly(
            "conf/schemas/x-v2.conf:2: x-v2 says it is backward compatible, but whoever reads x-v1"
                + " cannot read it: column 'b' may be null, and must not have been (undo it, or say"
                + " compatible: breaking)",
            "conf/schemas/x-v2.conf:4: x-v2 says it is backward compatible, but whoever reads x-v1"
                + " cannot read it: the key is (b) in x-v2 and (a) in x-v1 (undo it, or say"
                + " compatible: breaking)",
            "conf/schemas/x-v10.conf: x-v10 does not say whether readers of x-v2 can read it (write"
                + " compatible: backward)",
            "conf/schemas/y-v3.conf: y-v3 does not say whether readers of y-v2 can read it (write"
                + " compatible: breaking (column 'b' is not in y-v2))".replace("y-v2))", "y-v3))"));
    assertThat(shown(registry.check().hints()))
        .containsExactly(
            "conf/schemas/y-v2.conf:2: y-v2 says it breaks readers of y-v1, and breaks none (say"
                + " compatible: backward)");
  }

  @Test
  void locksWhatIsPublishedForEver() throws IOException {
    write("x-v1.conf", "columns { a: int }");
    assertThat(problems()).isEmpty();
    assertThat(registry().lock()).containsExactly("x-v1");
    assertThat(registry().lock()).isEmpty();
    Path lock = home.resolve("conf/schemas/LOCK");
    String first = Files.readString(lock);
    write("x-v1.conf", "# only a remark\ndescription: now said\ncolumns { a: INTEGER }");
    write("w-v1.conf", "columns { a: int }");
    assertThat(problems())
        .containsExactly(
            "conf/schemas/w-v1.conf: w-v1 is not in the lock (run `mlpipeline schemas lock` and"
                + " commit the file)");
    assertThat(registry().lock()).containsExactly("w-v1");
    assertThat(Files.readString(lock)).contains(first.substring(first.indexOf("x-v1")));

    write("x-v1.conf", "columns { a: bigint }");
    write("z-v1.conf", "columns { a: int }");
    String before = Files.readString(lock);
    assertThat(problems())
        .contains(
            "conf/schemas/x-v1.conf: x-v1 is published and has changed since"
                + " (conf/schemas/LOCK:4) (undo the change, and write it as x-v2)");
    assertThatThrownBy(() -> registry().lock())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("x-v1 is published and has changed");
    assertThat(Files.readString(lock)).isEqualTo(before);
  }

  @Test
  void refusesALockThatIsNone() throws IOException {
    write("x-v1.conf", "columns { a: int }");
    String line = "x-v1 sha256:" + "0".repeat(64);
    write("LOCK", "<<<<<<< HEAD\n" + line + "\n\n# a remark\n" + line + "\nx-v1 sha256:0\n");
    assertThat(problems())
        .containsExactly(
            "conf/schemas/LOCK:1: '<<<<<<< HEAD' is no line of a lock (restore the file from"
                + " version control: it is written by `mlpipeline schemas lock`)",
            "conf/schemas/LOCK:5: x-v1 is locked twice, first in conf/schemas/LOCK:2 (keep the"
                + " first)",
            "conf/schemas/LOCK:6: 'x-v1 sha256:0' is no line of a lock (restore the file from"
                + " version control: it is written by `mlpipeline schemas lock`)",
            "conf/schemas/x-v1.conf: x-v1 is published and has changed since (conf/schemas/LOCK:2)"
                + " (undo the change, and write it as x-v2)");
  }

  @Test
  void neverOverwritesAContract() throws IOException {
    write("x-v1.conf", "columns { a: int }");
    assertThatThrownBy(() -> registry().add("x-v1", "columns { b: int }"))
        .isInstanceOf(InvalidConfigException.class);
    registry().add("x-v2", "columns { a: int }\ncompatible: backward");
    assertThat(problems()).isEmpty();
  }

  private static final SchemaSpec V1 =
      new SchemaSpec("e-v1", List.of(new ColumnSpec("a", "int", true)), List.of());
  private static final SchemaSpec V2 =
      new SchemaSpec(
          "e-v2",
          List.of(new ColumnSpec("a", "bigint", true), new ColumnSpec("b", "int", true)),
          List.of());
  private static final SchemaSpec LAX =
      new SchemaSpec(
          "e-v3",
          null,
          List.of(new ColumnSpec("a", "bigint", true)),
          List.of(),
          List.of(),
          NewColumns.DROP,
          io.mlpipeline.model.Compatibility.UNSTATED);

  private static PipelineSpec pipeline(
      String name, List<InputSpec> inputs, @Nullable SchemaSpec... outputs) {
    List<StepSpec> steps = new ArrayList<>();
    for (SchemaSpec schema : outputs) {
      SourceLocation at = new SourceLocation(name + ".conf", 9);
      OutputSpec output =
          new OutputSpec("rows", "events", schema, List.of(), List.of(), GateSpec.OPEN, at);
      steps.add(
          new StepSpec(
              "s" + steps.size(),
              "sql",
              new TreeMap<>(),
              Params.NONE,
              List.of(output),
              RuntimeSpec.DEFAULT,
              at));
    }
    return new PipelineSpec(name, "local", inputs, steps, List.of(), SourceLocation.UNKNOWN);
  }

  private static InputSpec input(
      String name, InputKind kind, String location, @Nullable Long version, SchemaSpec schema) {
    return new InputSpec(
        name,
        kind,
        location,
        kind == InputKind.TABLE ? null : "csv",
        new TreeMap<>(),
        version,
        schema,
        null,
        GateSpec.OPEN,
        InputSpec.Presence.REQUIRED,
        List.of(),
        null,
        new SourceLocation(name + ".conf", 3));
  }

  private List<String> disagreements(PipelineSpec... pipelines) {
    return shown(SchemaRegistry.disagreements(List.of(pipelines), Warehouse.open("/wh", home)));
  }

  @Test
  void findsReadersWhoExpectSomethingElseThanWritersWrite() {
    PipelineSpec crm = pipeline("crm", List.of(), V2);
    String place = "/wh/crm/events";
    assertThat(
            disagreements(
                crm, pipeline("b", List.of(input("in", InputKind.TABLE, place, null, V1)))))
        .containsExactly(
            "in.conf:3: 'in' of pipeline b (e-v1, in.conf:3) cannot read what is written as"
                + " 'events' of pipeline crm (e-v2, crm.conf:9): column 'a' is bigint instead of"
                + " int; e-v1 rejects new columns, and b is one (read it as e-v2, or let both agree"
                + " on one version)");
    for (InputSpec fine :
        List.of(
            input("same", InputKind.TABLE, "file:///wh/crm/events/", null, V2),
            input("lax", InputKind.TABLE, place, null, LAX),
            input("pinned", InputKind.TABLE, place, 3L, V1),
            input("other", InputKind.TABLE, "/wh/crm/event", null, V1))) {
      assertThat(disagreements(crm, pipeline("b", List.of(fine)))).as(fine.name()).isEmpty();
    }
  }

  @Test
  void findsPlacesThatAreWrittenTwiceOrReadAsTwoThings() {
    assertThat(disagreements(pipeline("crm", List.of(), V1), pipeline("crm", List.of(), V2)))
        .singleElement()
        .asString()
        .contains("is also written by 'events' of pipeline crm (e-v1, crm.conf:9)");
    PipelineSpec a = pipeline("a", List.of(input("x", InputKind.FILES, "/data/e", null, V1)));
    PipelineSpec b = pipeline("b", List.of(input("y", InputKind.FILES, "/data/e/", null, V2)));
    PipelineSpec c = pipeline("c", List.of(input("z", InputKind.FILES, "/data/e", null, LAX)));
    assertThat(disagreements(a, b))
        .singleElement()
        .asString()
        .contains("read the same place as different things", "e-v1 rejects new columns");
    assertThat(disagreements(a, c)).isEmpty();
  }
}
