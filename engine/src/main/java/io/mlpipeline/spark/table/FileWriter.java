package io.mlpipeline.spark.table;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Writes rows as files through {@link AttemptCommitProtocol} and says which files these are. */
final class FileWriter {

  private static final String PROTOCOL = "spark.sql.sources.commitProtocolClass";
  private static final AtomicLong TOKENS = new AtomicLong();

  private FileWriter() {}

  /** The files that were made, sorted by name; files without rows are not kept. */
  static List<WrittenFile> write(
      Dataset<Row> rows,
      String format,
      Map<String, String> options,
      List<String> partitionBy,
      Path directory,
      String attempt) {
    SparkSession spark = rows.sparkSession();
    String token = attempt + "#" + TOKENS.incrementAndGet();
    // Only while we write: a step's own temporary files, MLlib's included, stay Spark's business.
    spark.conf().set(PROTOCOL, AttemptCommitProtocol.class.getName());
    try {
      rows.write()
          .format(format)
          .options(options)
          .option(AttemptCommitProtocol.TOKEN, token)
          .option(AttemptCommitProtocol.ATTEMPT, attempt)
          .mode(SaveMode.Append)
          .partitionBy(partitionBy.toArray(String[]::new))
          .save(directory.toString());
    } finally {
      spark.conf().unset(PROTOCOL);
    }
    return AttemptCommitProtocol.take(token);
  }
}
