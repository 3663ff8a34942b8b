package io.mlpipeline.bench;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The other side: the same work as a plain Spark program, with tables as {@code format("delta")}.
 * No gate, digest, lineage or check, one thing after the other. Runs as a process of its own.
 */
public final class HandWritten {

  private HandWritten() {}

  /** Arguments: trivial or churn, default or one-partition, data, queries, output directory. */
  public static void main(String[] args) throws Exception {
    SparkSession.Builder builder =
        SparkSession.builder()
            .appName("by hand")
            .master("local[*]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", Runtime.getRuntime().availableProcessors())
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    if (args[1].equals("one-partition")) {
      builder.config("spark.databricks.delta.snapshotPartitions", "1");
    }
    SparkSession spark = builder.getOrCreate();
    Path data = Path.of(args[2]);
    if (args[0].equals("trivial")) {
      trivial(spark, data, args[4]);
    } else {
      new HandWrittenChurn(spark, data.resolve("churn"), Path.of(args[3]), args[4]).run();
    }
    spark.stop();
  }

  private static void trivial(SparkSession spark, Path data, String out) {
    spark
        .read()
        .option("header", true)
        .schema(TrivialWork.SCHEMA)
        .csv(data.resolve("rows.csv").toString())
        .createOrReplaceTempView("raw");
    for (TrivialWork.Query query : TrivialWork.QUERIES) {
      for (String input : query.inputs()) {
        if (!input.equals("raw")) {
          read(spark, out, input).createOrReplaceTempView(input);
        }
      }
      save(spark.sql(query.sql()), out, query.name());
    }
  }

  static Dataset<Row> read(SparkSession spark, String out, String table) {
    return spark.read().format("delta").load(out + "/" + table);
  }

  static void save(Dataset<Row> rows, String out, String table) {
    rows.write().format("delta").mode("overwrite").save(out + "/" + table);
  }
}
