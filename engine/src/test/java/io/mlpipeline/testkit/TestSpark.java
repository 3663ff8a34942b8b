package io.mlpipeline.testkit;

import org.apache.spark.sql.SparkSession;

/** The one SparkSession of a test JVM: local, two cores, Delta's extension on, no UI. */
public final class TestSpark {

  private TestSpark() {}

  /** The session; made at first use and never stopped by a test. */
  public static SparkSession session() {
    return Holder.SESSION;
  }

  private static final class Holder {
    static final SparkSession SESSION =
        SparkSession.builder()
            .master("local[2]")
            .appName("tests")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.scheduler.mode", "FAIR")
            .config("spark.executor.killOnFatalError.depth", "0")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.hadoop.fs.file.impl", "io.mlpipeline.delta.NioLocalFileSystem")
            .config("spark.delta.logStore.file.impl", "io.mlpipeline.delta.LinkLogStore")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "4")
            .getOrCreate();
  }
}
