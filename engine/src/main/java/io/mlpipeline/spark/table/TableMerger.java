package io.mlpipeline.spark.table;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.Merged;
import io.mlpipeline.port.TableLog.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Puts a staged batch into a table: copy on write of the files that hold rows with its keys.
 *
 * <p>A published row whose key is in the batch gives way to the batch's row, wherever in the table
 * it lies; files without such rows stay as they are, and nothing of them is written again. What is
 * written is named by the attempt and visible to nobody. The same batch again gives the same rows.
 */
public final class TableMerger {

  private static final String FILE = "__mlpipeline_file";

  private final SparkSession spark;
  private final String warehouseUri;
  private final String attempt;

  /**
   * Merges for one attempt.
   *
   * @param warehouseUri the warehouse's root, as a Hadoop path says it
   * @param attempt the attempt's id
   */
  public TableMerger(SparkSession spark, String warehouseUri, String attempt) {
    this.spark = spark;
    this.warehouseUri = warehouseUri;
    this.attempt = attempt;
  }

  /**
   * The table with the batch in it.
   *
   * @throws EngineException CONTRACT_BROKEN if the batch lacks columns of the table, or if its
   *     types or null values do not go together with what is published
   */
  public Merged merge(StagedTable batch, OutputSpec output, Snapshot current) {
    MergedColumns columns = MergedColumns.of(batch, current);
    StructType schema = columns.after();
    List<String> keys = new ArrayList<>();
    output.keys().forEach(key -> keys.add(Schemas.resolve(schema, key, "key", output.name())));
    Dataset<Row> batchKeys = distinctKeys(batch, keys);
    boolean byFile = columns.fitAsTheyAre() && TableReader.isListed(current);
    Dataset<Row> all = byFile ? read(batch, current, current.files()) : whole(current);
    checkNulls(columns, without(all, batchKeys, keys), batch.name());
    List<DataFile> touched = byFile ? touched(batch, current, batchKeys, keys) : current.files();
    StagedTable rewritten = batch.withFiles(List.of());
    if (!byFile || !touched.isEmpty()) {
      Dataset<Row> old = byFile ? read(batch, current, touched) : all;
      rewritten =
          new TableStager(warehouseUri, attempt + "-merged")
              .write(columns.align(without(old, batchKeys, keys)), batch);
    }
    return new Merged(whole(batch, current, touched, rewritten), rewritten);
  }

  private static StagedTable whole(
      StagedTable batch, Snapshot current, List<DataFile> touched, StagedTable rewritten) {
    Set<DataFile> gone = new HashSet<>(touched);
    List<DataFile> files = new ArrayList<>(current.files());
    files.removeIf(gone::contains);
    files.addAll(rewritten.files());
    files.addAll(batch.files());
    return batch.withFiles(files);
  }

  private Dataset<Row> distinctKeys(StagedTable batch, List<String> keys) {
    return TableReader.read(spark, warehouseUri, batch).select(columns(keys)).distinct();
  }

  /** Rows whose keys the batch does not hold; a key with a null is nobody's. */
  private static Dataset<Row> without(Dataset<Row> old, Dataset<Row> batchKeys, List<String> keys) {
    return old.join(batchKeys, keys.toArray(String[]::new), "left_anti");
  }

  /** The files with rows whose keys the batch holds too. */
  private List<DataFile> touched(
      StagedTable batch, Snapshot current, Dataset<Row> batchKeys, List<String> keys) {
    List<DataFile> candidates = candidates(batch, current, keys);
    if (candidates.size() <= 1 || batch.rows() == 0) {
      return batch.rows() == 0 ? List.of() : candidates;
    }
    List<Column> located = new ArrayList<>(List.of(columns(keys)));
    located.add(functions.input_file_name().as(FILE));
    List<Row> names =
        read(batch, current, candidates)
            .select(located.toArray(Column[]::new))
            .join(batchKeys, keys.toArray(String[]::new), "left_semi")
            .select(FILE)
            .distinct()
            .collectAsList();
    Path root = new Path(warehouseUri, batch.uri());
    Map<String, DataFile> byName = new HashMap<>();
    candidates.forEach(f -> byName.put(ListedFiles.path(root, f.path()).toUri().toString(), f));
    List<DataFile> touched = new ArrayList<>();
    for (Row name : names) {
      DataFile file = byName.get(name.getString(0));
      if (file == null) {
        throw new IllegalStateException("a row came from " + name + ", which nobody listed");
      }
      touched.add(file);
    }
    return touched;
  }

  /** Where partition columns belong to the key, its rows can lie in the batch's partitions only. */
  private static List<DataFile> candidates(StagedTable batch, Snapshot current, List<String> keys) {
    StructType schema = Schemas.parse(batch.schemaJson());
    List<String> both = new ArrayList<>(current.partitionBy());
    both.retainAll(keys);
    both.removeIf(name -> schema.apply(name).dataType() instanceof DecimalType); // 1.0 is 1.00
    Set<SortedMap<String, String>> wanted = new HashSet<>();
    batch.files().forEach(file -> wanted.add(values(file, both)));
    return current.files().stream().filter(file -> wanted.contains(values(file, both))).toList();
  }

  private static SortedMap<String, String> values(DataFile file, List<String> columns) {
    SortedMap<String, String> values = new TreeMap<>(file.partition());
    values.keySet().retainAll(columns);
    return values;
  }

  private Dataset<Row> read(StagedTable batch, Snapshot current, List<DataFile> files) {
    return TableReader.read(
        spark,
        warehouseUri,
        new StagedTable(
            batch.port(),
            batch.name(),
            batch.uri(),
            batch.attempt(),
            current.schemaJson(),
            current.partitionBy(),
            files));
  }

  private Dataset<Row> whole(Snapshot current) {
    return TableReader.read(spark, current);
  }

  /** Rows that stay must bear it if a column of theirs may not be null any more. */
  private static void checkNulls(MergedColumns columns, Dataset<Row> staying, String output) {
    List<StructField> strict = columns.stricter();
    if (strict.isEmpty()) {
      return;
    }
    Dataset<Row> aligned = columns.align(staying);
    List<String> problems = new ArrayList<>();
    for (StructField field : strict) {
      long nulls = aligned.where(aligned.col(Contract.quoted(field.name())).isNull()).count();
      if (nulls > 0) {
        problems.add(
            "column " + field.name() + " must not be null and would be in " + nulls + " rows");
      }
    }
    if (!problems.isEmpty()) {
      throw new EngineException(
          ErrorType.CONTRACT_BROKEN,
          "output "
              + output
              + " cannot be merged into the rows that are published: "
              + String.join("; ", problems)
              + " of earlier batches; let it be nullable, or publish once with mode: replace");
    }
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(name -> functions.col(Contract.quoted(name))).toArray(Column[]::new);
  }
}
