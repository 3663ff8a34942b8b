package io.mlpipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.SchemaSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaChangesTest {

  private static ColumnSpec column(String text) {
    String[] words = text.strip().split(" ", -1);
    boolean nullable = !text.contains("not-null");
    String unit = null;
    List<String> allowed = List.of();
    for (String word : words) {
      unit = word.startsWith("unit=") ? word.substring(5) : unit;
      allowed = word.startsWith("in=") ? List.of(word.substring(3).split(",", -1)) : allowed;
    }
    return new ColumnSpec(words[0], words[1], nullable, null, unit, allowed, false);
  }

  private static SchemaSpec schema(String name, String text) {
    String[] sides = text.split(" key ", -1);
    List<ColumnSpec> columns = new ArrayList<>();
    for (String one : sides[0].split(";", -1)) {
      columns.add(column(one));
    }
    return new SchemaSpec(
        name, columns, sides.length == 1 ? List.of() : List.of(sides[1].strip().split(" ")));
  }

  private static List<String> breaking(String older, String newer) {
    return SchemaChanges.breaking(schema("x-v2", newer), schema("x-v1", older)).stream()
        .map(SchemaChanges.Change::message)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a int            | a int; b string",
        "a int            | b string not-null; A int",
        "a int            | a int not-null",
        "a bigint         | a int",
        "a double         | a int",
        "a double         | a float",
        "a decimal(12,2)  | a decimal(10,2)",
        "a decimal(12,2)  | a int",
        "a timestamp      | a date",
        "a string         | a string in=x,y",
        "a string in=x,y  | a string in=y",
        "a int            | a int key a",
        "a int; b int key a b | b int; a int key b a",
      })
  void letsReadersOfTheOlderReadOn(String older, String newer) {
    assertThat(breaking(older, newer)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a int; b int     | a int               | column 'b' is not in x-v2",
        "a int            | a bigint            | column 'a' is bigint instead of int",
        "a string         | a int               | column 'a' is int instead of string",
        "a double         | a bigint            | column 'a' is bigint instead of double",
        "a float          | a int               | column 'a' is int instead of float",
        "a decimal(12,2)  | a decimal(12,3)     | is decimal(12,3) instead of decimal(12,2)",
        "a decimal(10,2)  | a int               | is int instead of decimal(10,2)",
        "a date           | a timestamp         | is timestamp instead of date",
        "a int not-null   | a int               | column 'a' may be null, and must not have been",
        "a int unit=km    | a int unit=miles    | is measured in miles instead of km",
        "a string in=x    | a string in=x,y,z   | column 'a' may also hold y, z",
        "a string in=x    | a string            | column 'a' may hold any value instead of x",
        "a int key a      | a int               | the key is absent in x-v2 and (a) in x-v1",
        "a int;b int key a| a int;b int key a b | the key is (a, b) in x-v2 and (a) in x-v1",
      })
  void namesWhatBreaksThem(String older, String newer, String message) {
    assertThat(breaking(older, newer)).singleElement().asString().contains(message);
  }

  @Test
  void namesAllOfIt() {
    assertThat(breaking("a int not-null in=1; b int", "a string")).hasSize(4);
  }
}
