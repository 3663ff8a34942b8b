package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.port.TableLog.Snapshot;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not sure must not be said: every trap makes the gate read the rows. */
class FileStatisticsTest {

  private static final StructType SCHEMA =
      StructType.fromDDL(
          "k INT, n BIGINT, amount DECIMAL(38,10), day DATE, x DOUBLE, f FLOAT, name STRING,"
              + " ts TIMESTAMP, `a.b` INT, p INT, d DATE");

  private static DataFile file(String stats, String... partition) {
    Map<String, String> values = new TreeMap<>(Map.of("p", "7", "d", "2024-02-29"));
    for (int i = 0; i < partition.length; i += 2) {
      values.put(partition[i], partition[i + 1]);
    }
    return new DataFile("f.parquet", new TreeMap<>(values), 1, 1, 10, stats);
  }

  private static String stats(String column, String least, String most, long nulls) {
    return "{\"numRecords\":10,\"minValues\":{\"%s\":%s},\"maxValues\":{\"%s\":%s},\"nullCount\":{\"%s\":%d}}"
        .formatted(column, least, column, most, column, nulls);
  }

  private static FileStatistics of(DataFile... files) {
    return FileStatistics.of(SCHEMA, List.of("p", "d"), List.of(files));
  }

  private static StructField field(String name) {
    return SCHEMA.apply(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "k      | -3                     | 12                     | -3 | 12",
        "n      | -9223372036854775808   | 9223372036854775807    | -9223372036854775808 | 9223372036854775807",
        "amount | -0.0000000001          | 9999999999999999999999999999.9999999999 | -0.0000000001 | 9999999999999999999999999999.9999999999",
        "day    | \"1969-12-31\"         | \"1970-01-02\"         | -1 | 1",
        "a.b    | 1                      | 2                      | 1 | 2",
      })
  void boundsOfExactTypesAreExact(
      String column, String least, String most, BigDecimal low, BigDecimal high) {
    FileStatistics known = of(file(stats(column, least, most, 4)));
    assertThat(known.extremes(field(column))).hasValue(new FileStatistics.Extremes(low, high));
    assertThat(known.present(field(column))).hasValue(6);
    assertThat(known.rows()).hasValue(10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x    | 1.0 | 2.0",
        "x | \"NaN\" | \"NaN\"",
        "f | 0.1 | 0.2",
        "name | \"a\" | \"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\"",
        "ts   | \"2024-01-01T00:00:00.000Z\" | \"2024-01-01T00:00:00.123Z\"",
        "k    | \"NaN\" | 3",
        "k | 5 | 4",
        "day | \"+10000-01-01x\" | \"2024-01-01\"",
      })
  void boundsThatMayBeWrongAreNotSaid(String column, String least, String most) {
    FileStatistics known = of(file(stats(column, least, most, 0)));
    assertThat(known.extremes(field(column))).isEmpty();
    assertThat(known.present(field(column))).as("nulls are counted all the same").hasValue(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"numRecords\":\"many\"}",
        "{\"numRecords\":10,\"nullCount\":{\"k\":\"x\"}}",
        "{\"numRecords\":10,\"tightBounds\":false,\"nullCount\":{\"k\":0}}",
      })
  void oneFileWithoutUsableStatisticsSpoilsAll(String stats) {
    DataFile good = file(stats("k", "1", "2", 0));
    assertThat(of(good).rows()).hasValue(10);
    assertThat(of(good, file(stats)).rows()).isEmpty();
    assertThat(of(good, file(null)).present(field("k"))).isEmpty();
  }

  @Test
  void columnThatOneFileDoesNotKnowIsNotKnown() {
    FileStatistics known = of(file(stats("k", "1", "2", 0)), file(stats("n", "1", "2", 0)));
    assertThat(known.rows()).hasValue(20);
    assertThat(known.present(field("k"))).isEmpty();
    assertThat(known.extremes(field("k"))).isEmpty();
  }

  @Test
  void moreNullsThanRowsIsNoCount() {
    assertThat(of(file(stats("k", "1", "2", 11))).present(field("k"))).isEmpty();
  }

  @Test
  void boundsMissingWhereThereAreValuesAreNotSaid() {
    String counted = "{\"numRecords\":10,\"nullCount\":{\"k\":3}}";
    String empty = "{\"numRecords\":10,\"nullCount\":{\"k\":10}}";
    assertThat(of(file(counted)).extremes(field("k"))).isEmpty();
    assertThat(of(file(empty)).extremes(field("k")))
        .hasValue(new FileStatistics.Extremes(null, null));
    assertThat(of(file(empty), file(stats("k", "1", "2", 0))).extremes(field("k")))
        .hasValue(new FileStatistics.Extremes(BigDecimal.ONE, BigDecimal.valueOf(2)));
  }

  @Test
  void partitionColumnsAreKnownByTheirValues() {
    String rows = "{\"numRecords\":10}";
    FileStatistics known =
        of(file(rows, "p", "-5"), file(rows, "p", "30"), file(rows, "p", "", "d", ""));
    assertThat(known.present(field("p"))).hasValue(20);
    assertThat(known.extremes(field("p")).orElseThrow().least()).isEqualTo("-5");
    assertThat(known.extremes(field("p")).orElseThrow().most()).isEqualTo("30");
    assertThat(known.extremes(field("d")).orElseThrow().most()).isEqualTo("19782");
  }

  @Test
  void columnOfAnotherTypeOrNameThanWasWrittenIsNotKnown() {
    FileStatistics known = of(file(stats("k", "1", "2", 0)));
    StructType read = StructType.fromDDL("k BIGINT, K2 INT");
    assertThat(known.present(read.apply("k"))).isEmpty();
    assertThat(known.extremes(read.apply("K2"))).isEmpty();
  }

  @Test
  void nothingIsSaidOfATableThatOnlyDeltaCanRead() {
    Snapshot vectors = snapshot(true);
    assertThat(FileStatistics.of(vectors).rows()).isEmpty();
    assertThat(FileStatistics.of(snapshot(false)).rows()).as("an empty table").hasValue(0);
  }

  private static Snapshot snapshot(boolean viaSpark) {
    return new Snapshot("/t", 0, "id", SCHEMA.json(), List.of(), List.of(), viaSpark, 0);
  }
}
