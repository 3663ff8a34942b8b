package io.mlpipeline.spark;

import io.mlpipeline.model.Platform;
import io.mlpipeline.model.RuntimeChange;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.SparkSession;

/** The settings of sessions: our defaults for one we start, and what every attempt is given. */
final class SessionSettings {

  /** The log store by scheme that delta-spark must use where it commits or reads a log. */
  private static final String LOCAL_LOG_STORE = "io.mlpipeline.delta.LinkLogStore";

  /** No process for every file that is made. */
  private static final String LOCAL_FILES = "io.mlpipeline.delta.NioLocalFileSystem";

  private static final String EXTENSIONS = "spark.sql.extensions";
  private static final String DELTA_EXTENSION = "io.delta.sql.DeltaSparkSessionExtension";

  private SessionSettings() {}

  /** The conf of a session of our own: what is set already wins, then the options, then ours. */
  static SparkConf conf(SparkOptions options, int cores) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", options.appName());
    options.conf().forEach(conf::setIfMissing);
    conf.setIfMissing("spark.master", "local[*]");
    if (options.parallel() > 1) {
      conf.setIfMissing("spark.scheduler.mode", "FAIR");
    }
    conf.setIfMissing("spark.hadoop.parquet.page.verify-checksum.enabled", "true");
    conf.setIfMissing("spark.databricks.delta.snapshotPartitions", "1");
    conf.setIfMissing("spark.delta.logStore.file.impl", LOCAL_LOG_STORE);
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    // Deletion vectors are only honoured under the extension; it costs a start nothing measurable.
    String others = conf.get(EXTENSIONS, "");
    if (!others.contains(DELTA_EXTENSION)) {
      conf.set(EXTENSIONS, others.isEmpty() ? DELTA_EXTENSION : others + "," + DELTA_EXTENSION);
    }
    conf.setIfMissing(
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    if (conf.get("spark.master").startsWith("local")) {
      local(cores).forEach(conf::setIfMissing);
    }
    return conf;
  }

  /** One JVM does everything: nobody else calls in, and there is nothing to wait for. */
  private static Map<String, String> local(int cores) {
    Map<String, String> map = new TreeMap<>();
    map.put("spark.ui.enabled", "false");
    map.put("spark.driver.host", "127.0.0.1");
    map.put("spark.driver.bindAddress", "127.0.0.1");
    map.put("spark.sql.shuffle.partitions", Integer.toString(cores));
    map.put("spark.sql.catalogImplementation", "in-memory");
    map.put("spark.metrics.staticSources.enabled", "false");
    map.put("spark.metrics.executorMetricsSource.enabled", "false");
    map.put("spark.locality.wait", "0");
    map.put("spark.hadoop.fs.file.impl", LOCAL_FILES);
    // A task that runs out of memory would end the process, and with it the run, unrecorded.
    map.put("spark.executor.killOnFatalError.depth", "0");
    map.put("spark.sql.ui.retainedExecutions", "1");
    // Files are compressed with it anyway: one native library less to unpack.
    map.put("spark.io.compression.codec", "snappy");
    // Listing is no job here, and a VACUUM is not ten thousand tasks.
    map.put("spark.sql.sources.parallelPartitionDiscovery.threshold", "1000");
    map.put("spark.sql.sources.parallelPartitionDiscovery.parallelism", Integer.toString(cores));
    return map;
  }

  /** Lets an attempt need less memory than the one before; never changes what comes out. */
  static void change(SparkSession session, List<RuntimeChange> changes) {
    for (RuntimeChange change : changes) {
      String key = change.setting().key();
      String before = session.conf().get(key);
      if (!before.startsWith("-")) { // what is off stays off
        long after = change.after(JavaUtils.byteStringAsBytes(before));
        session.conf().set(key, Long.toString(after));
      }
    }
  }

  /** What an attempt's own session is given. */
  static void apply(SparkSession session) {
    Platform.SETTINGS.forEach((key, value) -> session.conf().set(key, value));
    // Dates are written as they are meant, and what is damaged is found out.
    session.conf().set("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED");
    session.conf().set("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED");
    session.conf().set("parquet.page.verify-checksum.enabled", "true");
    // We read and write a table's files by themselves; Databricks would refuse that.
    session.conf().set("spark.databricks.delta.formatCheck.enabled", "false");
    // A table wider than the default of 100 columns would lose the vectorized reader.
    session.conf().set("spark.sql.codegen.maxFields", "200");
  }
}
