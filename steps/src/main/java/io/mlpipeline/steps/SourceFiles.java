package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.xxhash64;

import io.mlpipeline.model.PinnedFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Names files by a number in each row: a path would be the widest column of many tables. The number
 * is turned into a name only where somebody asks for it.
 */
final class SourceFiles {

  /** The column that holds the number; null for rows of no file. */
  static final String COLUMN = "_file";

  private final HashMap<Long, String> names = new HashMap<>();

  SourceFiles(SparkSession spark, List<PinnedFile> files) {
    List<Row> rows = new ArrayList<>();
    for (PinnedFile file : files) {
      rows.add(RowFactory.create(uri(file), file.name()));
    }
    StructType schema =
        new StructType().add("path", DataTypes.StringType).add("name", DataTypes.StringType);
    // Rows of the driver, hashed by the optimizer: no job.
    spark
        .createDataFrame(rows, schema)
        .select(xxhash64(col("path")), col("name"))
        .collectAsList()
        .forEach(row -> names.put(row.getLong(0), row.getString(1)));
  }

  /** The path as Spark's readers tell it. */
  static String uri(PinnedFile file) {
    return new Path(file.path()).toUri().toString();
  }

  /** The number of the file that a reader is reading. */
  static Column number() {
    return number(col("_metadata.file_path"));
  }

  /** The number of the file with this path. */
  static Column number(Column path) {
    return xxhash64(path).as(COLUMN);
  }

  /** The name of the file that a row has the number of. */
  Column name() {
    return udf(new Names(names), DataTypes.StringType).apply(col(COLUMN));
  }

  private record Names(HashMap<Long, String> names) implements UDF1<Long, String> {

    @Override
    @SuppressWarnings("NullAway") // a row of no file
    public String call(Long number) {
      return number == null ? null : ((Map<Long, String>) names).get(number);
    }
  }
}
