package io.mlpipeline.spark.table;

import io.mlpipeline.model.DataFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.execution.datasources.NoopCache$;
import org.apache.spark.sql.execution.datasources.PartitionPath;
import org.apache.spark.sql.execution.datasources.PartitionSpec;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.mutable.LinkedHashMap$;

/**
 * The files of a table as the log lists them, partition values included: Spark looks up nothing.
 *
 * <p>Paths are taken as they are. That matters: given several paths that look like globs Spark
 * reads each file once for each of them, and values taken from directories are wrong for tables of
 * others, whose directories need not say anything.
 */
final class ListedFiles extends PartitioningAwareFileIndex {

  private static final long BLOCK = 128L << 20;

  private final Path root;
  private final List<FileStatus> statuses = new ArrayList<>();
  private final PartitionSpec spec;
  private final scala.collection.immutable.Map<Path, FileStatus[]> byPartition;

  ListedFiles(SparkSession spark, Path root, StructType partitionSchema, List<DataFile> files) {
    super(
        spark, scala.collection.immutable.Map$.MODULE$.empty(), Option.empty(), NoopCache$.MODULE$);
    this.root = root;
    Map<SortedMap<String, String>, List<FileStatus>> groups = new LinkedHashMap<>();
    for (DataFile file : files) {
      FileStatus status =
          new FileStatus(
              file.size(), false, 1, BLOCK, file.modifiedMillis(), path(root, file.path()));
      statuses.add(status);
      groups.computeIfAbsent(file.partition(), p -> new ArrayList<>()).add(status);
    }
    List<PartitionPath> partitions = new ArrayList<>();
    Map<Path, FileStatus[]> byKey = new LinkedHashMap<>();
    groups.forEach(
        (values, group) -> {
          // Only a key: which directories there are is nobody's business.
          Path key = new Path("/" + byKey.size());
          partitions.add(new PartitionPath(row(partitionSchema, values), key));
          byKey.put(key, group.toArray(FileStatus[]::new));
        });
    this.spec = new PartitionSpec(partitionSchema, seq(partitions));
    this.byPartition =
        scala.collection.immutable.Map$.MODULE$
            .<Path, FileStatus[]>empty()
            .$plus$plus(JavaConverters.mapAsScalaMap(byKey));
  }

  /** A file's path; a log may name files elsewhere by an absolute one. */
  static Path path(Path root, String name) {
    return name.startsWith("/") || name.contains(":/")
        ? new Path(name)
        : new Path(root, new Path(null, null, name));
  }

  private static InternalRow row(StructType schema, SortedMap<String, String> values) {
    Object[] row = new Object[schema.size()];
    for (int i = 0; i < row.length; i++) {
      StructField field = schema.fields()[i];
      String value = values.get(field.name());
      if (value != null && !value.isEmpty()) {
        Object typed =
            new Cast(
                    Literal.create(
                        org.apache.spark.unsafe.types.UTF8String.fromString(value),
                        org.apache.spark.sql.types.DataTypes.StringType),
                    field.dataType(),
                    Option.apply("UTC"),
                    org.apache.spark.sql.catalyst.expressions.EvalMode$.MODULE$.ANSI())
                .eval(InternalRow.empty());
        row[i] = typed;
      }
    }
    return new GenericInternalRow(row);
  }

  private static <T> Seq<T> seq(List<T> list) {
    return JavaConverters.asScalaBuffer(list).toList();
  }

  @Override
  public Seq<Path> rootPaths() {
    return seq(List.of(root));
  }

  @Override
  public PartitionSpec partitionSpec() {
    return spec;
  }

  @Override
  public Seq<FileStatus> allFiles() {
    return seq(statuses);
  }

  @Override
  public scala.collection.mutable.LinkedHashMap<Path, FileStatus> leafFiles() {
    scala.collection.mutable.LinkedHashMap<Path, FileStatus> map =
        LinkedHashMap$.MODULE$.<Path, FileStatus>empty();
    statuses.forEach(status -> map.put(status.getPath(), status));
    return map;
  }

  @Override
  public scala.collection.immutable.Map<Path, FileStatus[]> leafDirToChildrenFiles() {
    return byPartition;
  }

  @Override
  public void refresh() {}

  @Override
  public boolean equals(Object other) {
    return other instanceof ListedFiles that
        && root.equals(that.root)
        && statuses.equals(that.statuses);
  }

  @Override
  public int hashCode() {
    return Objects.hash(root, statuses);
  }
}
