package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableDigestIT {

  private static final String EVERY_TYPE =
      "id as l, cast(id as int) as i, cast(id as short) as s, cast(id as byte) as b,"
          + " if(id % 3 = 0, null, id / 7D) as d, cast(id / 7D as float) as f,"
          + " cast(id / 100D as decimal(10,2)) as dec,"
          + " cast(concat('12345678901234567890', id) as decimal(38,4)) as big,"
          + " if(id % 5 = 0, null, concat('t', id)) as t, id % 2 = 0 as bool,"
          + " cast(concat('x', id) as binary) as bin,"
          + " date_add(date'2024-01-01', cast(id as int)) as day,"
          + " timestamp_micros(1700000000000000 + id) as ts,"
          + " cast(timestamp_micros(1700000000000000 + id) as timestamp_ntz) as ntz,"
          + " array(id, null, id + 1) as arr, named_struct('a', id, 'b', cast(null as int)) as st,"
          + " map(concat('k', id), id, 'z', null) as m,"
          + " array(named_struct('q', array(id), 'r', map(id, 'x'))) as deep";

  @Test
  void hasTheValueThatStoredDigestsHave() {
    assertThat(TableDigest.of(table(EVERY_TYPE, 100)))
        .as("c1 is stored with tables: to change it is to start c2")
        .hasToString("c1:100:8192b1953954d3d074ec82740380fddd");
    assertThat(TableDigest.of(table(EVERY_TYPE, 0))).isEqualTo(ContentDigest.EMPTY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "array(null, 1) ~ array(1, null)",
        "array(cast(null as int)) ~ array()",
        "array() ~ cast(null as array<int>)",
        "array(array(1), array(2, 3)) ~ array(array(1, 2), array(3))",
        "array(array()) ~ array(null)",
        "'' ~ cast(null as string)",
        "'' ~ ' '",
        "0 ~ cast(null as int)",
        "false ~ cast(null as boolean)",
        "0D ~ cast(null as double)",
        "0D ~ double('NaN')",
        "cast('' as binary) ~ cast(null as binary)",
        "date'1970-01-01' ~ cast(null as date)",
        "named_struct('a', 1, 'b', null) ~ named_struct('a', null, 'b', 1)",
        "named_struct('a', cast(null as int)) ~ cast(null as struct<a:int>)",
        "map('a', 1, 'b', 2) ~ map('a', 2, 'b', 1)",
        "map('a', null) ~ map()",
        "map() ~ cast(null as map<string,int>)",
        "map('a', 1) ~ map('a', 1, 'b', null)",
        "1.10BD ~ 1.11BD",
        "timestamp_micros(1) ~ timestamp_micros(2)",
      })
  void tellsApart(String one, String other) {
    assertThat(ofValue(one)).isNotEqualTo(ofValue(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "double('-0.0') ~ 0D",
        "float('-0.0') ~ cast(0D as float)",
        "double('NaN') ~ double('NaN') * -1",
        "array(double('-0.0')) ~ array(0D)",
        "map('a', 1, 'b', 2) ~ map('b', 2, 'a', 1)",
        "array(map('a', 1, 'b', 2)) ~ array(map('b', 2, 'a', 1))",
        "cast(1.1 as decimal(10,4)) ~ cast(1.10 as decimal(10,4))",
        "timestamp'2024-01-01 00:00:00 UTC' ~ timestamp'2024-01-01 02:00:00+02:00'",
      })
  void takesForTheSame(String one, String other) {
    assertThat(ofValue(one)).isEqualTo(ofValue(other));
  }

  @Test
  void doesNotDependOnOrderPartitionsFilesOrZone(@TempDir Path dir) {
    Dataset<Row> rows = table(EVERY_TYPE, 500);
    ContentDigest digest = TableDigest.of(rows);
    String[] columns = rows.columns();
    Column[] turned =
        IntStream.range(0, columns.length)
            .mapToObj(i -> col(columns[columns.length - 1 - i]))
            .toArray(Column[]::new);
    assertThat(TableDigest.of(rows.select(turned))).isEqualTo(digest);
    assertThat(TableDigest.of(rows.repartition(7))).isEqualTo(digest);
    assertThat(TableDigest.of(rows.coalesce(1).orderBy(col("l").desc()))).isEqualTo(digest);
    rows.repartition(3).write().parquet(dir.resolve("t").toString());
    SparkSession other = TestSpark.session().newSession();
    other.conf().set("spark.sql.session.timeZone", "America/Lima");
    other.conf().set("spark.sql.ansi.enabled", "true");
    other.conf().set("spark.sql.legacy.sizeOfNull", "false");
    other.conf().set("spark.sql.codegen.wholeStage", "false");
    assertThat(TableDigest.of(other.read().parquet(dir.resolve("t").toString()))).isEqualTo(digest);
  }

  @Test
  void addsUpOverRandomParts() {
    Random random = new Random(11);
    Dataset<Row> rows = table(EVERY_TYPE, 300);
    for (int round = 0; round < 5; round++) {
      int cut = random.nextInt(300);
      ContentDigest left = TableDigest.of(rows.where("l < " + cut));
      ContentDigest right = TableDigest.of(rows.where("l >= " + cut));
      assertThat(left.plus(right)).isEqualTo(TableDigest.of(rows));
      assertThat(left.rows()).isEqualTo(cut);
    }
  }

  @Test
  void countsEqualRowsAndNoticesSwaps() {
    List<ContentDigest> all =
        List.of(
            ofRows("(1, 2), (3, 4)"),
            ofRows("(1, 2), (3, 4), (3, 4)"),
            ofRows("(1, 2), (1, 2), (3, 4)"),
            ofRows("(1, 4), (3, 2)"),
            ofRows("(2, 1), (4, 3)"),
            ofRows("(1, 2), (3, 5)"),
            ofRows("(1, 2), (3, null)"),
            ofRows("(1, 2), (null, 3)"));
    assertThat(all).doesNotHaveDuplicates();
    assertThat(ofRows("(3, 4), (1, 2)")).isEqualTo(all.get(0));
    assertThat(all).allMatch(d -> d.equals(ContentDigest.parse(d.toString())));
  }

  @Test
  void sharesAnAggregateWithOthers() {
    Dataset<Row> rows = table(EVERY_TYPE, 50);
    Column[] own = TableDigest.aggregates(rows.schema());
    Row row = rows.agg(org.apache.spark.sql.functions.max("l"), own).collectAsList().get(0);
    assertThat(TableDigest.read(row, 1)).isEqualTo(TableDigest.of(rows));
    assertThat(Arrays.asList(own)).hasSize(TableDigest.WIDTH);
  }

  @Test
  void takesNamesWithDotsAndQuotes() {
    assertThat(TableDigest.of(table("id as `a.b`, id + 1 as `c``d`, 'x' as `Ä ö`", 3)).rows())
        .isEqualTo(3);
  }

  private static ContentDigest ofValue(String sql) {
    return TableDigest.of(TestSpark.session().sql("select " + sql + " as v"));
  }

  private static ContentDigest ofRows(String values) {
    return TableDigest.of(
        TestSpark.session().sql("select * from values " + values + " as t(a, b)"));
  }

  private static Dataset<Row> table(String columns, int rows) {
    return TestSpark.session().sql("select " + columns + " from range(" + rows + ")");
  }
}
