package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ColumnSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaLoaderTest {

  @TempDir Path home;
  private ConfFixture conf;

  @BeforeEach
  void makeProject() {
    conf = new ConfFixture(home);
  }

  private SchemaLoader.LoadedSchema load(String text) {
    conf.write("conf/schemas/x-v2.conf", text);
    return SchemaLoader.load(home.resolve("conf"), home, "x-v2");
  }

  private List<String> problems(String text) {
    List<String> problems = new ArrayList<>();
    load(text).problems().forEach(p -> problems.add(p.toString()));
    return problems;
  }

  @Test
  void keepsColumnsInOrderAndTypesInOneSpelling() {
    SchemaLoader.LoadedSchema loaded =
        load(
            """
            description: "what it is"
            columns {
              z: LONG
              a: { type: "Decimal( 10 , 2 )", nullable: false, description: "money" }, m: dec
              "größe": "map<string, array<Int>>"
              s: "struct<aB: integer, c:decimal(5)>"
              t: timestamp_ntz
            }
            keys: [z, a]
            """);
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.spec().name()).isEqualTo("x-v2");
    assertThat(loaded.spec().columns())
        .containsExactly(
            new ColumnSpec("z", "bigint", true),
            new ColumnSpec("a", "decimal(10,2)", false),
            new ColumnSpec("m", "decimal(10,0)", true),
            new ColumnSpec("größe", "map<string,array<int>>", true),
            new ColumnSpec("s", "struct<aB:int,c:decimal(5,0)>", true),
            new ColumnSpec("t", "timestamp_ntz", true));
    assertThat(loaded.spec().keys()).containsExactly("z", "a");
  }

  @Test
  void reportsEverythingThatIsWrong() {
    assertThat(
            problems(
                """
                colums {}
                columns {
                  a: strng
                  b: "decimal(39,2)"
                  c: "array<int"
                  d: varchar(10)
                  e: { nullable: maybe, tpye: int }
                  f.g: int
                  "h i": int
                  J: int
                  j: int
                  k: "struct<a:int,A:int>"
                  l: "int int"
                  m: [int]
                  "n\\u200b": int
                }
                keys: [a, zz, a]
                """))
        .containsExactly(
            "conf/schemas/x-v2.conf:1: unknown key 'colums' in the file (did you mean 'columns'?)",
            "conf/schemas/x-v2.conf:3: column type 'strng': there is no type 'strng' (did you mean"
                + " 'string'?)",
            "conf/schemas/x-v2.conf:4: column type 'decimal(39,2)': decimal(p,s) needs 1 <= p <= 38"
                + " and 0 <= s <= p",
            "conf/schemas/x-v2.conf:5: column type 'array<int': '>' is missing",
            "conf/schemas/x-v2.conf:6: column type 'varchar(10)': there is no type varchar (use"
                + " string)",
            "conf/schemas/x-v2.conf:7: 'columns.e' has no 'type' (for example type: bigint)",
            "conf/schemas/x-v2.conf:7: 'columns.e.nullable' must be true or false, not 'maybe'",
            "conf/schemas/x-v2.conf:7: unknown key 'tpye' in 'columns.e' (did you mean 'type'?)",
            "conf/schemas/x-v2.conf:8: 'columns.f' has no 'type' (for example type: bigint)",
            "conf/schemas/x-v2.conf:8: unknown key 'g' in 'columns.f'",
            "conf/schemas/x-v2.conf:9: 'h i' is no name for a column (leave out spaces and any of"
                + " , ; { } ( ) = . ` \" [ ])",
            "conf/schemas/x-v2.conf:11: columns 'J' and 'j' differ in case only",
            "conf/schemas/x-v2.conf:12: column type 'struct<a:int,A:int>': the struct has two"
                + " fields named A",
            "conf/schemas/x-v2.conf:13: column type 'int int': unexpected text behind the type",
            "conf/schemas/x-v2.conf:14: 'columns.m' must be text, not a list",
            "conf/schemas/x-v2.conf:15: 'n\\u200b' is no name for a column (leave out spaces and"
                + " any of , ; { } ( ) = . ` \" [ ])",
            "conf/schemas/x-v2.conf:17: key 'zz' is no column",
            "conf/schemas/x-v2.conf:17: key 'a' is named twice");
    assertThat(problems("columns {}"))
        .containsExactly(
            "conf/schemas/x-v2.conf:1: the schema has no column (for example id: bigint)");
    assertThat(problems("columns { a: \"" + "array<".repeat(10_000) + "\" }"))
        .hasSize(1)
        .allMatch(p -> p.endsWith("the type is nested more than 32 deep"));
  }

  @Test
  void listsAndSuggestsNames() {
    assertThat(SchemaLoader.names(home.resolve("conf"))).containsExactly("events-v1", "rows-v1");
    assertThat(SchemaLoader.names(home)).isEmpty();
    assertThat(SchemaLoader.load(home.resolve("conf"), home, "events-v2").problems())
        .extracting(Object::toString)
        .containsExactly("events-v2: there is no schema 'events-v2' (did you mean 'events-v1'?)");
    for (String name : List.of("", "x", "-v1", "x-v", "x-v1x", "../x-v1", "X-v1", "x-v\u0661")) {
      assertThat(SchemaLoader.load(home.resolve("conf"), home, name).problems())
          .as(name)
          .hasSize(1)
          .allMatch(p -> p.message().contains("is no name of a schema"));
    }
  }
}
