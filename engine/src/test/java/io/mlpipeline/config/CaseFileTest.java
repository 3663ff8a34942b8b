package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.CaseSpec;
import io.mlpipeline.model.CaseSpec.Compared;
import io.mlpipeline.model.CaseSpec.WrittenTable;
import io.mlpipeline.model.ErrorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseFileTest {

  @TempDir Path folder;

  private CaseFile.LoadedCases load(String text) throws IOException {
    Path tests = Files.createDirectories(folder.resolve("conf/tests"));
    Files.createDirectories(folder.resolve("conf/pipelines"));
    Files.writeString(tests.resolve("shop.conf"), text);
    return CaseFile.load(Path.of("conf/tests/shop.conf"), folder);
  }

  private CaseSpec one(String body) throws IOException {
    CaseFile.LoadedCases loaded = load("cases { first {\n" + body + "\n} }\n");
    assertThat(loaded.problems()).isEmpty();
    return loaded.cases().get(0);
  }

  private WrittenTable given(String table) throws IOException {
    CaseSpec one = one("given { t: " + table + " }\nexpect { tables { u: { count: 1 } } }");
    return java.util.Objects.requireNonNull(one.given().get("t"));
  }

  @Test
  void aTableOfTextHasBarsOrCommas() throws IOException {
    List<List<String>> cells =
        List.of(Arrays.asList("1", null, "a b"), Arrays.asList("2", "", "x|y"));
    WrittenTable bars =
        given(
            "\"\"\"\n"
                + "  | id | n  | text  |\n"
                + "  |----|:--:|---|\n"
                + "  | 1 | | a b |\n"
                + " | 2 | \"\" | \"x|y\" |\n"
                + "\"\"\"");
    assertThat(bars.columns()).containsExactly("id", "n", "text");
    assertThat(bars.rows()).isEqualTo(cells);
    WrittenTable commas = given("\"\"\"\n  id, n, text\n  1,,a b\n  2, \"\" , \"x|y\"\n\"\"\"");
    assertThat(commas.columns()).containsExactly("id", "n", "text");
    assertThat(commas.rows()).isEqualTo(cells);
    assertThat(commas.text()).isEqualTo("id, n, text\n1,,a b\n2, \"\" , \"x|y\"\n");
  }

  @Test
  void aListOfObjectsMayLeaveColumnsOutAndNestThem() throws IOException {
    WrittenTable table =
        given("[ { id: 1, tags: [a, \"b c\"] }, { id: 2, name: null, o: { k: 1.50 } } ]");
    assertThat(table.columns()).containsExactly("id", "tags", "name", "o");
    assertThat(table.rows())
        .isEqualTo(
            List.of(
                Arrays.asList("1", "[\"a\",\"b c\"]", null, null),
                Arrays.asList("2", null, null, "{\"k\":1.50}")));
    assertThat(given("[]").columns()).isEmpty();
  }

  @Test
  void aCsvFileLiesBesideTheFileOfCases() throws IOException {
    Files.createDirectories(folder.resolve("conf/tests/shop"));
    Files.writeString(folder.resolve("conf/tests/shop/t.csv"), "id,n\n7,8\n");
    assertThat(given("{ csv: \"shop/t.csv\" }").rows()).isEqualTo(List.of(List.of("7", "8")));
  }

  @Test
  void everythingThatMayBeExpectedIsRead() throws IOException {
    CaseSpec one =
        one(
            """
            description: "why"
            set { params { days: 7, list: [a, b] }, data: x }
            given { raw: [{ id: 1 }] }
            expect {
              tables {
                exact: [{ id: 1 }]
                loose: { columns: named, tolerance: 0.5, rows: "id\\n1" }
              }
              metrics { train { auc: { min: 0.5 }, rows: 3 } }
              rejects { out: ["RowCount  >  1"] }
              warns { out: some-id }
              fails { step: b, error: CONTRACT_BROKEN, message: "no key" }
            }
            """);
    assertThat(one.description()).isEqualTo("why");
    assertThat(one.settings())
        .containsEntry("params.days", "7")
        .containsEntry("params.list", "[a, b]")
        .containsEntry("data", "x");
    assertThat(one.expect().tables().get("exact").compared()).isEqualTo(Compared.ALL);
    assertThat(one.expect().tables().get("loose"))
        .satisfies(
            table -> {
              assertThat(table.compared()).isEqualTo(Compared.NAMED);
              assertThat(table.tolerance()).isEqualTo(0.5);
            });
    assertThat(one.expect().metrics().get("train").get("auc").holds(0.4)).isFalse();
    assertThat(one.expect().metrics().get("train").get("rows").holds(3)).isTrue();
    assertThat(one.expect().rejects().get("out").rules()).containsExactly("RowCount > 1");
    assertThat(one.expect().warns().get("out").rules()).containsExactly("some-id");
    assertThat(one.expect().fails().error()).isEqualTo(ErrorType.CONTRACT_BROKEN);
  }

  @Test
  void whatCasesHaveInCommonStandsOnce() throws IOException {
    CaseFile.LoadedCases loaded =
        load(
            "base { a: 1, b: 2 }\n"
                + "cases { c { given { t: [${base} { b: 3 }] }, expect { tables { u: { count: 0 } }"
                + " } } }");
    assertThat(loaded.problems()).isEmpty();
    WrittenTable table = loaded.cases().get(0).given().get("t");
    assertThat(table.columns()).containsExactlyInAnyOrder("a", "b");
    assertThat(table.rows().get(0)).containsExactlyInAnyOrder("1", "3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cases { a { givn {}, expect { tables { t: [] } } } }        | unknown key 'givn'",
        "cases { a { givn {}, expect { tables { t: [] } } } }        | did you mean 'given'?",
        "cases { a { given {} } }                                    | has no 'expect'",
        "cases { a { expect {} } }                                   | nothing is expected",
        "cases { }                                                   | there is no case in it",
        "cases { a { expect { tables { t: { tolerence: 1 } } } } }   | did you mean 'tolerance'?",
        "cases { a { expect { tables { t: { count: 1, columns: sum } } } } } | all or named",
        "cases { a { expect { metrics { s { m: high } } } } }        | must be a number",
        "cases { a { expect { metrics { s { m: { min: 2, max: 1 } } } } } } | a 'min' above its"
            + " 'max'",
        "cases { a { expect { fails { step: s, error: CONTRACT_BROKE } } } } | did you mean"
            + " 'CONTRACT_BROKEN'?",
        "cases { a { given { t: { csv: no.csv } }, expect { tables { t: [] } } } } |"
            + " 'conf/tests/no.csv' does not exist",
        "cases { a { expect { tables { t: \"id, id\" } } } }         | stands there twice",
        "cases { a { expect { tables { t: \"a, b \\n"
            + " 1\" } } } }     | row 1 has 1 cells, and there are 2 columns",
        "case { a { } }                                              | did you mean 'cases'?"
      })
  void whatIsWrongIsSaidWithFileAndLine(String text, String problem) throws IOException {
    CaseFile.LoadedCases loaded = load(text + "\n");
    assertThat(loaded.cases()).isEmpty();
    assertThat(loaded.problems().toString()).contains("conf/tests/shop.conf:1", problem);
  }

  @Test
  void theCasesOfAPipelineAreFoundByItsName() throws IOException {
    load("cases { }");
    Path more = Files.createDirectories(folder.resolve("conf/tests/shop"));
    Files.writeString(more.resolve("b.conf"), "");
    Files.writeString(more.resolve("a.conf"), "");
    Path tests = folder.resolve("conf/tests");
    assertThat(CaseFile.beside(Path.of("conf/pipelines/shop.conf"), folder))
        .containsExactly(
            tests.resolve("shop.conf"), tests.resolve("shop/a.conf"), tests.resolve("shop/b.conf"));
    assertThat(CaseFile.beside(Path.of("conf/pipelines/other.conf"), folder)).isEmpty();
  }
}
