package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.Compatibility;
import io.mlpipeline.model.NewColumns;
import io.mlpipeline.model.SchemaSpec;
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
            new ColumnSpec("a", "decimal(10,2)", false, "money", null, List.of(), false),
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
                + " , ; { } ( ) = . ` \" [ ] \\)",
            "conf/schemas/x-v2.conf:11: columns 'J' and 'j' differ in case only",
            "conf/schemas/x-v2.conf:12: column type 'struct<a:int,A:int>': the struct has two"
                + " fields named A",
            "conf/schemas/x-v2.conf:13: column type 'int int': unexpected text behind the type",
            "conf/schemas/x-v2.conf:14: 'columns.m' must be text, not a list",
            "conf/schemas/x-v2.conf:15: 'n\\u200b' is no name for a column (leave out spaces and"
                + " any of , ; { } ( ) = . ` \" [ ] \\)",
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

  private static final String WHOLE =
      """
      description: "payments as the bank reports them"
      columns {
        id: { type: bigint, nullable: false }
        day: date
        kind: { type: string, allowed: [card, "ca sh", "ÄÖ"], description: "how" }
        amount: { type: "decimal(10,2)", unit: EUR, allowed: [1, 2.50] }
        holder: { type: string, pii: true }
        "größe": { type: int, allowed: [-1, 1e3] }
      }
      keys: [id, day]
      partition: day
      new-columns: drop
      compatible: breaking
      """;

  @Test
  void readsEverythingAContractSays() {
    SchemaLoader.LoadedSchema loaded = load(WHOLE);
    assertThat(loaded.problems()).isEmpty();
    SchemaSpec spec = loaded.spec();
    assertThat(spec.description()).isEqualTo("payments as the bank reports them");
    assertThat(spec.column("KIND").orElseThrow())
        .isEqualTo(
            new ColumnSpec(
                "kind", "string", true, "how", null, List.of("card", "ca sh", "ÄÖ"), false));
    assertThat(spec.column("amount").orElseThrow().unit()).isEqualTo("EUR");
    assertThat(spec.column("amount").orElseThrow().allowed()).containsExactly("1", "2.50");
    assertThat(spec.column("holder").orElseThrow().pii()).isTrue();
    assertThat(spec.keys()).containsExactly("id", "day");
    assertThat(spec.partitionBy()).containsExactly("day");
    assertThat(spec.newColumns()).isEqualTo(NewColumns.DROP);
    assertThat(spec.compatible()).isEqualTo(Compatibility.BREAKING);
    assertThat(loaded.written().column("kind")).hasToString("conf/schemas/x-v2.conf:5");
    assertThat(loaded.written().member("keys")).hasToString("conf/schemas/x-v2.conf:10");
  }

  @Test
  void writesAContractThatReadsBackAsTheSame() {
    SchemaSpec spec = load(WHOLE).spec();
    assertThat(load(SchemaText.of(spec)).spec()).isEqualTo(spec);
    ColumnSpec odd = new ColumnSpec("two words", "int", true);
    ColumnSpec nested = new ColumnSpec("s", "struct<a-b:int>", true);
    SchemaSpec strange =
        new SchemaSpec("x-v2", List.of(odd, spec.columns().get(0), nested), List.of("two words"));
    String text = SchemaText.of(strange, List.of("a\nb"), java.util.Map.of("id", "c\nd"));
    assertThat(text).contains("# a b\n", "# c d\n", "# left out: 'two words' (int)");
    assertThat(load(text).spec().columns()).containsExactly(spec.columns().get(0));
  }

  @Test
  void hasADigestOfAllButDescriptionsAndLayout() {
    String digest = load(WHOLE).spec().digest();
    assertThat(digest).matches("sha256:[0-9a-f]{64}");
    assertThat(
            load(WHOLE.replace("\"how\"", "\"why\"").replace("the bank", "they")).spec().digest())
        .isEqualTo(digest);
    assertThat(
            load("# new\n" + WHOLE.replace("card, \"ca sh\"", "\"ca sh\", card")).spec().digest())
        .isEqualTo(digest);
    for (String change :
        List.of(
            "EUR=USD",
            "bigint=int",
            "nullable: false=nullable: true",
            "drop=warn",
            "1e3=1e4",
            "[id, day]=[day]",
            "partition: day=partition: kind",
            "pii: true=pii: false",
            "holder=owner",
            "breaking=backward")) {
      String[] sides = change.split("=");
      assertThat(load(WHOLE.replace(sides[0], sides[1])).spec().digest())
          .as(change)
          .isNotEqualTo(digest);
    }
  }

  @Test
  void reportsEveryValueThatIsNoneOfItsType() {
    assertThat(
            problems(
                """
                columns {
                  a: { type: int, allowed: [1, 1.5, x, 3000000000, 1] }
                  b: { type: date, allowed: [2024-02-30, 2024-02-29] }
                  c: { type: string, allowed: ["a\\"b", "c\\\\d", "", "2024-01-01", "tab\\t"] }
                  d: { type: "decimal(3,1)", allowed: [1.25, 100, 99.9] }
                  e: { type: boolean, allowed: [yes] }
                  f: { type: timestamp, allowed: [1] }
                  g: { type: int, allowed: [] }
                  h: { type: int, allowed: 3 }
                  i: { type: double, allowed: [NaN, 1e999999999] }
                  j: { type: int, unit: "", pii: perhaps, alowed: [1] }
                  k: { type: "map<string,int>" }
                  l: double
                  "m\\\\n": int
                }
                keys: [k]
                partition: [l, zz]
                new-columns: warm
                compatible: forward
                """))
        .containsExactly(
            P + "2: 'columns.a.allowed': '1.5' is no whole number",
            P + "2: 'columns.a.allowed': 'x' is no whole number",
            P + "2: 'columns.a.allowed': '3000000000' does not fit int",
            P + "2: 'columns.a.allowed' names '1' twice",
            P + "3: 'columns.b.allowed': '2024-02-30' is no date: write yyyy-MM-dd",
            P + "4: 'columns.c.allowed': 'a\"b' " + UNFIT,
            P + "4: 'columns.c.allowed': 'c\\d' " + UNFIT,
            P
                + "4: 'columns.c.allowed': '' is the empty text: say nullable: true, or write the"
                + " word that stands for it",
            P + "4: 'columns.c.allowed': '2024-01-01' is a date: make the column one, type: date",
            P + "4: 'columns.c.allowed': 'tab\\u0009' " + UNFIT,
            P + "5: 'columns.d.allowed': '1.25' does not fit decimal(3,1)",
            P + "5: 'columns.d.allowed': '100' does not fit decimal(3,1)",
            P + "6: 'columns.e.allowed': 'yes' is neither true nor false",
            P
                + "7: 'columns.f.allowed': a column of type timestamp has no list of values (leave"
                + " it out, and write a rule in the gate)",
            P
                + "8: 'columns.g.allowed' has no value (leave it out; a rule against a dataset of"
                + " values does it: ReferentialIntegrity)",
            P + "9: 'columns.h.allowed' must be a list of values, not '3'",
            P + "10: 'columns.i.allowed': 'NaN' is no number",
            P + "10: 'columns.i.allowed': '1e999999999' is no number",
            P + "11: 'columns.j.unit' is empty",
            P + "11: 'columns.j.pii' must be true or false, not 'perhaps'",
            P + "11: unknown key 'alowed' in 'columns.j' (did you mean 'allowed'?)",
            P
                + "14: 'm\\n' is no name for a column (leave out spaces and any of , ; { } ( ) = ."
                + " ` \" [ ] \\)",
            P
                + "16: key 'k' is of type map<string,int>, which cannot be compared (name other"
                + " columns)",
            P + "17: partition column 'zz' is no column",
            P
                + "17: partition column 'l' is of type double, whose values cannot name a partition"
                + " (use a date, text, whole number, decimal or boolean)",
            P + "18: 'new-columns' cannot be 'warm' (did you mean 'warn'?)",
            P + "19: 'compatible' cannot be 'forward' (one of backward, breaking)");
  }

  private static final String P = "conf/schemas/x-v2.conf:";
  private static final String UNFIT =
      "has a quote, a backslash or a control character, which no rule can hold: leave it out of"
          + " 'allowed' and write a rule of your own, such as ColumnValues ... matches";
}
