package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.Audited;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whichever way the rows of a scan are digested, the digest is the one that aggregates give. */
class DigestScanIT {

  /** Every flat type, each with nulls, both zeros, no numbers, and the least and the most. */
  private static final List<String> FLAT =
      List.of(
          "id as l",
          "if(id % 7 = 0, null, cast(id as int)) as i",
          "if(id % 5 = 0, null, cast(-id as short)) as s",
          "if(id % 3 = 0, null, cast(id % 100 - 50 as byte)) as b",
          "element_at(array(0D, double('-0.0'), double('NaN'), id / 7D, null),"
              + " cast(id % 5 as int) + 1) as d",
          "element_at(array(float(0), float('-0.0'), float('NaN'), float(id / 7D), null),"
              + " cast(id % 5 as int) + 1) as f",
          "if(id % 4 = 0, null, cast(-id as decimal(5,2))) as tiny",
          "if(id % 4 = 1, null, cast(id / 100D as decimal(18,2))) as middling",
          "if(id % 4 = 2, null, cast(concat('-12345678901234567890', id) as decimal(38,4))) as big",
          "element_at(array('', null, concat('t', id), repeat('\u00e9', 40)),"
              + " cast(id % 4 as int) + 1) as t",
          "if(id % 3 = 0, null, id % 2 = 0) as bool",
          "element_at(array(cast('' as binary), null, cast(concat('x', id) as binary)),"
              + " cast(id % 3 as int) + 1) as bin",
          "if(id % 6 = 0, null, date_add(date'1969-01-01', cast(id as int))) as day",
          "if(id % 6 = 1, null, timestamp_micros(1700000000000000 - id)) as ts",
          "if(id % 6 = 2, null, cast(timestamp_micros(id) as timestamp_ntz)) as ntz",
          "cast(null as string) as nothing",
          "'one' as `Always the. same`");

  @TempDir private Path temp;

  private final SparkSession spark = TestSpark.session().newSession();

  private static Dataset<Row> made(List<String> columns, int rows) {
    return TestSpark.session().range(rows).selectExpr(columns.toArray(new String[0]));
  }

  private Dataset<Row> read() {
    return spark.read().parquet(temp.resolve("t").toString());
  }

  /** Runs the scan as an audit does. */
  private static ContentDigest digest(Vital vital, Dataset<Row> rows) {
    Scan scan = new Scan(rows, vital);
    scan.run();
    return vital.digest(scan.vital().row()).orElseThrow();
  }

  /** Runs the scan and takes the files away, so that nothing can be read again. */
  private ContentDigest digestAtOnce(Vital vital, Dataset<Row> rows) throws IOException {
    Scan scan = new Scan(rows, vital);
    scan.run();
    Files.move(temp.resolve("t"), temp.resolve("gone"));
    return vital.digest(scan.vital().row()).orElseThrow();
  }

  private static void isByBatches(Vital vital) {
    assertThat(vital.aggregates()).as("aggregates beside the digest of batches").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "true"})
  void flatRowsOfFilesAreDigestedByBatchesToTheSameValue(String dictionary) {
    Dataset<Row> made = made(FLAT, 10_000);
    made.repartition(3)
        .write()
        .option("parquet.enable.dictionary", dictionary)
        .parquet(temp.resolve("t").toString());
    for (String offHeap : List.of("false", "true")) {
      spark.conf().set("spark.sql.columnVector.offheap.enabled", offHeap);
      Vital vital = DigestScan.of(read());
      isByBatches(vital);
      assertThat(digest(vital, read())).isEqualTo(TableDigest.of(made));
    }
  }

  @Test
  void partsOfFilesAndColumnsOfPartitionsAreInTheDigest() throws IOException {
    Dataset<Row> made = made(FLAT, 2_000).selectExpr("*", "l % 3 as part");
    made.write()
        .option("parquet.block.size", "16384")
        .partitionBy("part")
        .parquet(temp.resolve("t").toString());
    spark.conf().set("spark.sql.files.maxPartitionBytes", "8192");
    Dataset<Row> rows = read().selectExpr("part", "*").drop("nothing");
    assertThat(DigestScan.of(rows).aggregates()).as("not all columns").hasSize(TableDigest.WIDTH);
    Dataset<Row> turned =
        read().select("part", FLAT.stream().map(DigestScanIT::name).toArray(String[]::new));
    assertThat(turned.rdd().getNumPartitions()).isGreaterThan(3);
    Vital vital = DigestScan.of(turned);
    isByBatches(vital);
    ContentDigest expected = TableDigest.of(turned);
    assertThat(digestAtOnce(vital, turned)).isEqualTo(expected);
  }

  private static String name(String column) {
    return column.substring(column.lastIndexOf(" as ") + 4);
  }

  @Test
  void whatIsNestedIsDigestedByRows() {
    made(List.of("id", "array(id, null) as a"), 100).write().parquet(temp.resolve("t").toString());
    Vital vital = DigestScan.of(read());
    assertThat(vital.aggregates()).hasSize(TableDigest.WIDTH);
    assertThat(digest(vital, read())).isEqualTo(TableDigest.of(read()));
  }

  @Test
  void rowsThatAreNotAsTheFilesHoldThemAreDigestedByRows() {
    made(List.of("id", "id as x"), 100).write().parquet(temp.resolve("t").toString());
    for (Dataset<Row> rows :
        List.of(
            read().where("id < 50"),
            read().selectExpr("id", "x + 1 as x"),
            read().limit(10),
            read().union(read()),
            made(List.of("id"), 10))) {
      Vital vital = DigestScan.of(rows);
      assertThat(vital.aggregates()).hasSize(TableDigest.WIDTH);
      assertThat(digest(vital, rows)).isEqualTo(TableDigest.of(rows));
    }
    spark.conf().set("spark.sql.parquet.enableVectorizedReader", "false");
    assertThat(DigestScan.of(read()).aggregates()).hasSize(TableDigest.WIDTH);
  }

  @Test
  void partsThatDidNotComeAreReadAgain() {
    made(List.of("id"), 100).write().parquet(temp.resolve("t").toString());
    Vital vital = DigestScan.of(read());
    isByBatches(vital);
    assertThat(vital.digest(RowFactory.create(100L))).contains(TableDigest.of(read()));
  }

  @Test
  void filtersAboveTheReadLeaveTheDigestWhole() throws IOException {
    made(List.of("id", "id as x"), 100).write().parquet(temp.resolve("t").toString());
    Vital vital = DigestScan.of(read());
    ContentDigest expected = TableDigest.of(read());
    Column[] count = vital.aggregates();
    Dataset<Row> some = vital.scanned(read()).where("id > 1000");
    assertThat(some.agg(count[0]).head().getLong(0)).isZero();
    Files.move(temp.resolve("t"), temp.resolve("gone"));
    assertThat(vital.digest(RowFactory.create(100L))).contains(expected);
  }

  @Test
  void anAuditOfFilesJudgesAndDigestsInTheirOneScan() {
    Dataset<Row> made = made(FLAT, 1_000);
    made.write().parquet(temp.resolve("t").toString());
    Dataset<Row> rows = read();
    List<GateRule> rules =
        List.of("RowCount = 1000", "Mean \"l\" > 499 where \"l >= 0\"", "Completeness \"i\" > 0.8")
            .stream()
            .map(text -> new GateRule(text, Severity.BLOCK, text, SourceLocation.UNKNOWN))
            .toList();
    OutputSpec output =
        new OutputSpec(
            "t", "t", null, List.of(), List.of(), new GateSpec(rules), SourceLocation.UNKNOWN);
    DataFile uncounted = new DataFile("part-0", new TreeMap<>(), -1, 0, 1, null);
    StagedTable table =
        new StagedTable("t", "t", "t", "a1", rows.schema().json(), List.of(), List.of(uncounted));
    Audited audited = Auditor.audit(rows, table, output, GateContext.NONE);
    assertThat(audited.gate().verdict()).as(audited.gate().toString()).isEqualTo(Verdict.PASS);
    assertThat(audited.digest()).isEqualTo(TableDigest.of(made));
    assertThat(Arrays.asList(audited.gate().outcomes().get(1).observed().values().toArray()))
        .containsExactly(499.5);
  }

  @Test
  void aPartThatTwoTasksReadCountsOnce() {
    DigestParts one = new DigestParts();
    one.put("a", 1, 2, 3);
    DigestParts again = new DigestParts();
    again.put("a", 1, 2, 3);
    again.put("b", 10, 20, 30);
    one.merge(again);
    assertThat(one.value()).isEqualTo(new ContentDigest(11, 22, 33));
    assertThat(one.copyAndReset().isZero()).isTrue();
  }
}
