package io.mlpipeline.code;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlDigestTest {

  private static String unescape(String text) {
    return text.replace("\\n", "\n").replace("\\t", "\t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '\u0001',
      value = {
        "SELECT a,b FROM t           | select a , b\\n\\tfrom t ;",
        "select a -- why\\nfrom t    | select a from t",
        "select a --\\nfrom t        | select a from t",
        "select a /* x /* y */ z */ from t | select a from t",
        "select a /* x /*+ y */ from t | select a from t",
        "select 'a''b' || x   | select 'a''b'||x",
        "select a<=b                 | select a <= b",
        "select count( * )           | select count(*)",
        "select a=-1                 | select a = - 1",
        "WITH x AS (SELECT 1) SELECT * FROM x | with x as (select 1) select * from x",
        "select 1.5e-3               | select  1.5e-3",
        "-- only a comment\\nselect 1 | SELECT 1;;",
        "select a --\\\\\\nselect b\\nfrom t | select a from t",
      })
  void isTheSameWhateverTheLayout(String one, String other) {
    assertThat(SqlDigest.normalize(unescape(one))).isEqualTo(SqlDigest.normalize(unescape(other)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '\u0001',
      value = {
        "select 'a  b'               | select 'a b'",
        "select 'A'                  | select 'a'",
        "select \"A -- b\"           | select \"A\"",
        "select '--x'                | select '--y'",
        "select 'a\\'--' , b         | select 'a\\'--' , c",
        "select r'\\' , 'A'          | select r'\\' , 'a'",
        "select R\"\\\" , 'x /* a */' | select R\"\\\" , 'x /* b */'",
        "select r 'a'                | select r'a'",
        "select `A  b`               | select `A b`",
        "select `a``--b`             | select `a``--c`",
        "select Age from t           | select age from t",
        "select t.END from t         | select t.end from t",
        "select 1 as VALUES          | select 1 as values",
        "select a < = b              | select a <= b",
        "select 1 .5                 | select 1.5",
        "select a b                  | select ab",
        "select /*+ broadcast(a) */ 1 | select 1",
        "select 'ı'                  | select 'i'",
        "select \uD83D\uDE00a        | select \uD83D\uDE00b",
      })
  void isAnotherWhereTheResultMayBe(String one, String other) {
    assertThat(SqlDigest.normalize(one)).isNotEqualTo(SqlDigest.normalize(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '\u0001',
      value = {
        "select current_date, rand() from t       | current_date,rand",
        "select CURRENT_DATE(), UUID ( )          | current_date,uuid",
        "select now /* x */ ()                    | now",
        "select `rand`()                          | rand",
        "select system.builtin.rand(3)            | rand",
        "select RANDN(1), I(1)                    | randn",
        "select * from t tablesample (10 percent) | tablesample",
        "select date 'Today'                      | date 'today'",
        "select timestamp \" now \"               | timestamp \" now \"",
        "select unix_timestamp()                  | unix_timestamp",
        "select unix_timestamp(a)                 | ''",
        "select 'rand()', \"uuid()\" -- now()     | ''",
        "select now, rand, uuid from t            | ''",
        "select t.current_date, 1 as current_date | ''",
        "select `current_date` from t             | ''",
        "select date '2024-01-01'                 | ''",
        "select operand(1), brand()               | ''",
        "select r'\\', rand(), 'x'                | rand",
      })
  void findsWhatDependsOnTimeOrChance(String sql, String found) {
    String expected = found.equals("''") ? "" : found;
    assertThat(String.join(",", SqlDigest.nonDeterministicCalls(sql))).isEqualTo(expected);
  }
}
