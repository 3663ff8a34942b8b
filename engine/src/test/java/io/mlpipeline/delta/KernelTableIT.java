package io.mlpipeline.delta;

import static io.mlpipeline.delta.KernelTableLogTest.assertFails;
import static io.mlpipeline.delta.Tables.by;
import static org.assertj.core.api.Assertions.assertThat;

import io.delta.tables.DeltaTable;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.TableLog.Snapshot;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that our log commits is an ordinary Delta table to delta-spark, and the other way. */
class KernelTableIT {

  private static final String URI = "churn/t";

  @TempDir Path warehouse;
  private final SparkSession spark = TestSpark.session();
  private Path table;
  private KernelTableLog log;
  private int attempts;

  @BeforeEach
  void open() {
    table = warehouse.resolve(URI);
    log =
        new KernelTableLog(warehouse.toString(), () -> spark.sparkContext().hadoopConfiguration());
  }

  /** Writes rows as plain Parquet below the table, and says which files that made. */
  private StagedTable stage(Dataset<Row> rows, String... partitionBy) throws IOException {
    Path aside = warehouse.resolve("aside-" + attempts);
    rows.coalesce(1).write().partitionBy(partitionBy).parquet(aside.toString());
    List<DataFile> files = new ArrayList<>();
    try (Stream<Path> found = Files.walk(aside)) {
      for (Path file : found.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        files.add(move(aside, file));
      }
    }
    String schema = rows.schema().asNullable().json();
    return new StagedTable(
        "rows", "t", URI, "a" + attempts++, schema, Arrays.asList(partitionBy), files);
  }

  private DataFile move(Path aside, Path file) throws IOException {
    String path = aside.relativize(file).toString();
    Files.createDirectories(table.resolve(path).getParent());
    Files.move(file, table.resolve(path));
    TreeMap<String, String> partition = new TreeMap<>();
    String[] parts = path.split("/");
    for (String part : Arrays.copyOf(parts, parts.length - 1)) {
      String[] columnAndValue = part.split("=", 2);
      String value =
          org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils.unescapePathName(
              columnAndValue[1]);
      partition.put(columnAndValue[0], value.equals("__HIVE_DEFAULT_PARTITION__") ? "" : value);
    }
    long rows = rowsOf(table.resolve(path));
    long millis = Files.getLastModifiedTime(table.resolve(path)).toMillis();
    String stats = "{\"numRecords\":" + rows + "}";
    return new DataFile(path, partition, Files.size(table.resolve(path)), millis, rows, stats);
  }

  /** By the footer: a job for each file would be most of what these tests cost. */
  private static long rowsOf(Path file) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toString());
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, new Configuration()))) {
      return reader.getRecordCount();
    }
  }

  private long publish(Dataset<Row> rows, String... partitionBy) throws IOException {
    StagedTable staged = stage(rows, partitionBy);
    return log.replace(staged, log.findHead(URI).orElse(-1), by(staged.attempt()));
  }

  private Dataset<Row> range(long from, long to) {
    return spark.range(from, to).toDF("id");
  }

  private List<String> read() {
    return strings(spark.read().format("delta").load(table.toString()));
  }

  private List<String> readAt(long version) {
    return strings(
        spark.read().format("delta").option("versionAsOf", version).load(table.toString()));
  }

  private static List<String> strings(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  private static List<String> ids(long from, long to) {
    return Stream.iterate(from, i -> i < to, i -> i + 1).map(i -> "[" + i + "]").sorted().toList();
  }

  private Snapshot newest() {
    return log.findNewest(URI).orElseThrow();
  }

  /** The rows of the files that our log says are live. */
  private List<String> readOurFiles() {
    String[] files =
        newest().files().stream()
            .map(f -> table.resolve(f.path()).toString())
            .toArray(String[]::new);
    return strings(spark.read().parquet(files));
  }

  @Test
  void isAnOrdinaryTableToDeltaSpark() throws IOException {
    publish(range(0, 5));
    publish(range(5, 9));
    assertThat(read()).isEqualTo(ids(5, 9));
    assertThat(readAt(0)).isEqualTo(ids(0, 5));
    List<Row> history = DeltaTable.forPath(spark, table.toString()).history().collectAsList();
    assertThat(history).hasSize(2);
    assertThat(history.get(0).<String>getAs("engineInfo")).contains("run=run-1 step=features");
    java.sql.Timestamp newer = history.get(0).getAs("timestamp");
    java.sql.Timestamp older = history.get(1).getAs("timestamp");
    assertThat(newer).isAfter(older);
    String between = older.toLocalDateTime().toString().replace('T', ' ');
    assertThat(
            strings(
                spark
                    .read()
                    .format("delta")
                    .option("timestampAsOf", between)
                    .load(table.toString())))
        .isEqualTo(ids(0, 5));
  }

  @Test
  void copesWithWhatDeltaSparkDoesToIt() throws IOException {
    publish(range(0, 5));
    range(5, 8).write().format("delta").mode("append").save(table.toString());
    assertThat(newest().lastDataChange()).isEqualTo(1);
    assertThat(readOurFiles()).isEqualTo(ids(0, 8));
    assertThat(newest().files()).allMatch(file -> file.rows() > 0);

    DeltaTable.forPath(spark, table.toString()).optimize().executeCompaction();
    assertThat(newest().version()).isEqualTo(2);
    assertThat(newest().lastDataChange()).as("OPTIMIZE changes no rows").isEqualTo(1);
    assertThat(newest().files()).hasSize(1);
    assertThat(readOurFiles()).isEqualTo(ids(0, 8));

    assertThat(publish(range(100, 103))).isEqualTo(3);
    assertThat(read()).isEqualTo(ids(100, 103));
    DeltaTable.forPath(spark, table.toString()).delete("id = 101");
    assertThat(publish(range(200, 202))).isEqualTo(5);
    assertThat(read()).isEqualTo(ids(200, 202));
    assertThat(readAt(1)).isEqualTo(ids(0, 8));
    spark.sql("ALTER TABLE delta.`" + table + "` SET TBLPROPERTIES ('x' = 'y')");
    assertThat(newest().lastDataChange()).as("a property is no data").isEqualTo(5);
  }

  @Test
  void refusesWhatVacuumTookAwayAndGoesOn() throws IOException {
    publish(range(0, 5));
    publish(range(5, 9));
    StagedTable staged = stage(range(20, 22));
    spark.conf().set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
    try {
      DeltaTable.forPath(spark, table.toString()).vacuum(0);
    } finally {
      spark.conf().unset("spark.databricks.delta.retentionDurationCheck.enabled");
    }
    long head = log.findHead(URI).orElseThrow();
    assertFails(ErrorType.INPUT_GONE, () -> log.replace(staged, head, by("late")))
        .hasMessageContaining(staged.files().get(0).path());
    assertFails(ErrorType.INPUT_GONE, () -> log.restore(URI, 0, by("back")));
    assertThat(log.allPresent(URI, log.find(URI, 0).orElseThrow().files())).isFalse();
    assertThat(log.allPresent(URI, newest().files())).isTrue();
    assertThat(read()).isEqualTo(ids(5, 9));
    publish(range(30, 33));
    assertThat(read()).isEqualTo(ids(30, 33));
  }

  @Test
  @Tag("faults")
  void keepsAllAcknowledgedFilesFromAVacuumWithTheTablesOwnRetention() throws IOException {
    publish(range(0, 5));
    publish(range(5, 9));
    DeltaTable.forPath(spark, table.toString()).vacuum();
    assertThat(readAt(0)).isEqualTo(ids(0, 5));
  }

  @Test
  void partitionsByOddValuesAndNull() throws IOException {
    Dataset<Row> rows =
        spark
            .createDataset(
                Arrays.asList("a b/c", "100%", "\u00fc\u4e16", "k=v", "x:y", "q'\"", null),
                org.apache.spark.sql.Encoders.STRING())
            .toDF("p")
            .selectExpr("length(p) AS n", "p");
    publish(rows, "p");
    assertThat(newest().files()).hasSize(7);
    assertThat(read()).isEqualTo(strings(rows));
    Dataset<Row> delta = spark.read().format("delta").load(table.toString());
    assertThat(delta.where("p = 'a b/c'").count()).isEqualTo(1);
    assertThat(delta.where("p IS NULL").count()).isEqualTo(1);

    rows.write().format("delta").mode("append").save(table.toString());
    Snapshot both = newest();
    assertThat(both.files()).hasSize(14);
    assertThat(log.allPresent(URI, both.files())).isTrue();
    assertThat(both.files().stream().map(DataFile::partition).distinct()).hasSize(7);
    publish(rows.where("p = '100%'"), "p");
    assertThat(read()).isEqualTo(List.of("[4,100%]"));
  }

  @Tag("long")
  @Test
  void changesItsSchemaAndPartitioning() throws IOException {
    publish(range(0, 3));
    publish(spark.range(0, 2).selectExpr("id", "id * 2 AS twice"));
    assertThat(read()).containsExactly("[0,0]", "[1,2]");
    publish(spark.range(0, 2).selectExpr("cast(id AS string) AS twice", "id AS day"), "day");
    assertThat(read()).containsExactly("[0,0]", "[1,1]");
    assertThat(
            spark.read().format("delta").load(table.toString()).schema().apply("twice").dataType())
        .isEqualTo(DataTypes.StringType);
    publish(range(7, 8));
    assertThat(read()).containsExactly("[7]");
    assertThat(readAt(1)).containsExactly("[0,0]", "[1,2]");
    range(8, 9).write().format("delta").mode("append").save(table.toString());
    assertThat(read()).containsExactly("[7]", "[8]");
  }

  @Test
  @Tag("faults")
  void isEmptyWithNoFiles() throws IOException {
    publish(range(0, 0));
    assertThat(newest().files()).isEmpty();
    assertThat(read()).isEmpty();
    publish(range(0, 2));
    publish(range(0, 0));
    assertThat(read()).isEmpty();
    range(3, 4).write().format("delta").mode("append").save(table.toString());
    assertThat(read()).containsExactly("[3]");
  }

  @Test
  @Tag("faults")
  void restoresOverAForeignAppend() throws IOException {
    publish(range(0, 5));
    range(5, 8).write().format("delta").mode("append").save(table.toString());
    assertThat(log.restore(URI, 0, by("back"))).isEqualTo(2);
    assertThat(read()).isEqualTo(ids(0, 5));
    assertThat(newest().files()).isEqualTo(log.find(URI, 0).orElseThrow().files());
    spark.sql("RESTORE TABLE delta.`" + table + "` TO VERSION AS OF 1");
    assertThat(readOurFiles()).isEqualTo(ids(0, 8));
  }

  @Tag("long")
  @Test
  void sharesCheckpointsWithDeltaSpark() throws IOException {
    for (int i = 0; i < 13; i++) {
      if (i == 5) {
        range(i, i + 1).write().format("delta").mode("overwrite").save(table.toString());
      } else {
        publish(range(i, i + 1));
      }
    }
    assertThat(table.resolve("_delta_log/00000000000000000010.checkpoint.parquet")).exists();
    for (long version : new long[] {9, 12}) {
      assertThat(readAt(version)).isEqualTo(ids(version, version + 1));
      assertThat(log.find(URI, version).orElseThrow().files()).hasSize(1);
    }
    // A fresh look from the checkpoint alone: nothing older is left.
    for (int v = 0; v < 10; v++) {
      Files.delete(table.resolve("_delta_log").resolve(LogPaths.commit(v)));
    }
    org.apache.spark.sql.delta.DeltaLog.clearCache();
    assertThat(read()).isEqualTo(ids(12, 13));
    publish(range(50, 52));
    assertThat(read()).isEqualTo(ids(50, 52));
  }

  @Test
  void leavesDeletionVectorsColumnMappingAndVectorsToSpark() throws IOException {
    publish(range(0, 50));
    String name = "delta.`" + table + "`";
    spark.sql("ALTER TABLE " + name + " SET TBLPROPERTIES ('delta.enableDeletionVectors' = true)");
    assertThat(newest().viaSpark()).as("no vector is there yet").isFalse();
    DeltaTable.forPath(spark, table.toString()).delete("id = 7");
    assertThat(newest().viaSpark()).isTrue();
    assertThat(newest().files()).isEmpty();
    assertThat(newest().lastDataChange()).isEqualTo(2);
    assertThat(publish(range(3, 5))).as("a replace leaves no vector behind").isEqualTo(3);
    assertThat(newest().viaSpark()).isFalse();
    assertThat(read()).isEqualTo(ids(3, 5));
    assertThat(log.restore(URI, 2, by("vector"))).isEqualTo(4);
    assertThat(read()).as("with its deletion vector").hasSize(49).doesNotContain("[7]");

    spark.sql("ALTER TABLE " + name + " SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
    assertThat(newest().viaSpark()).isTrue();
    assertFails(ErrorType.ENVIRONMENT_INVALID, () -> publish(range(0, 1)))
        .hasMessageContaining("columnMapping");

    Path vectors = warehouse.resolve("vectors");
    spark
        .sql("SELECT 1 AS id")
        .withColumn(
            "v",
            org.apache.spark.ml.functions.array_to_vector(
                org.apache.spark.sql.functions.array(org.apache.spark.sql.functions.lit(1.0))))
        .write()
        .format("delta")
        .save(vectors.toString());
    Snapshot seen = log.findNewest("vectors").orElseThrow();
    assertThat(seen.viaSpark()).isTrue();
    assertThat(seen.schemaJson()).contains("VectorUDT");
    assertThat(seen.lastDataChange()).isZero();
  }

  @Test
  void refusesTablesWhoseRulesItCannotKeep() throws IOException {
    publish(range(0, 5));
    spark.sql("ALTER TABLE delta.`" + table + "` ADD CONSTRAINT positive CHECK (id >= 0)");
    assertThat(newest().viaSpark()).as("reading needs no check").isFalse();
    assertFails(ErrorType.ENVIRONMENT_INVALID, () -> publish(range(-1, 0)))
        .hasMessageContaining("checkConstraints");
    assertThat(log.findHead(URI)).hasValue(1);
  }

  @Test
  void namesADamagedCommitOfDeltaSpark() throws IOException {
    range(0, 2).write().format("delta").save(table.toString());
    range(2, 4).write().format("delta").mode("append").save(table.toString());
    Path commit = table.resolve("_delta_log").resolve(LogPaths.commit(1));
    byte[] whole = Files.readAllBytes(commit);
    Files.deleteIfExists(commit.resolveSibling("." + commit.getFileName() + ".crc"));
    Files.writeString(
        commit,
        new String(whole, 0, whole.length - 40, StandardCharsets.UTF_8),
        StandardCharsets.UTF_8);
    assertFails(ErrorType.STORAGE_CORRUPT, this::newest).hasMessageContaining(LogPaths.commit(1));
    assertFails(ErrorType.STORAGE_CORRUPT, () -> publish(range(9, 10)));
  }
}
