package io.mlpipeline.delta;

import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads single commits of a log, whatever protocol the table has. */
final class CommitReader {

  private static final StructType FILE = new StructType().add("dataChange", BooleanType.BOOLEAN);
  private static final StructType READ =
      new StructType()
          .add("add", FILE)
          .add("remove", FILE)
          .add(
              "metaData",
              new StructType()
                  .add("id", StringType.STRING)
                  .add("schemaString", StringType.STRING)
                  .add("partitionColumns", new ArrayType(StringType.STRING, false)))
          .add("txn", new StructType().add("appId", StringType.STRING))
          .add("commitInfo", new StructType().add("engineInfo", StringType.STRING));
  private static final int ADD = 0;
  private static final int REMOVE = 1;
  private static final int METADATA = 2;
  private static final int TXN = 3;
  private static final int COMMIT_INFO = 4;

  /** A table's id, schema and partition columns, as text. */
  record RawMetadata(String id, String schemaJson, List<String> partitionBy) {}

  /**
   * What a commit says.
   *
   * @param changesRows whether a file was added or removed so that rows changed
   * @param metadata the new metadata, if it has some
   * @param transactions the ids of its transactions
   * @param engineInfo who wrote it; empty if it does not say
   */
  record Commit(
      boolean changesRows,
      Optional<RawMetadata> metadata,
      Set<String> transactions,
      String engineInfo) {}

  private final Engine engine;

  CommitReader(Engine engine) {
    this.engine = engine;
  }

  /** Reads the whole commit; throws what Kernel throws if a line of it is damaged. */
  Commit read(String root, long version) {
    boolean changesRows = false;
    Optional<RawMetadata> metadata = Optional.empty();
    Set<String> transactions = new HashSet<>();
    String engineInfo = "";
    for (Row row : rows(root + "/_delta_log/" + LogPaths.commit(version))) {
      changesRows |= changesRows(row, ADD) || changesRows(row, REMOVE);
      if (!row.isNullAt(METADATA)) {
        metadata = Optional.of(metadata(row.getStruct(METADATA)));
      }
      if (!row.isNullAt(TXN)) {
        transactions.add(text(row.getStruct(TXN), 0));
      }
      if (!row.isNullAt(COMMIT_INFO)) {
        engineInfo = text(row.getStruct(COMMIT_INFO), 0);
      }
    }
    return new Commit(changesRows, metadata, transactions, engineInfo);
  }

  private List<Row> rows(String file) {
    List<Row> rows = new ArrayList<>();
    CloseableIterator<FileStatus> files =
        KernelTable.closeable(List.of(FileStatus.of(file)).iterator());
    try (CloseableIterator<ColumnarBatch> batches =
        engine.getJsonHandler().readJsonFiles(files, READ, Optional.empty())) {
      while (batches.hasNext()) {
        batches.next().getRows().forEachRemaining(rows::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private static boolean changesRows(Row row, int ordinal) {
    if (row.isNullAt(ordinal)) {
      return false;
    }
    Row file = row.getStruct(ordinal);
    return file.isNullAt(0) || file.getBoolean(0);
  }

  private static RawMetadata metadata(Row row) {
    List<String> partitionBy = new ArrayList<>();
    if (!row.isNullAt(2)) {
      for (int i = 0; i < row.getArray(2).getSize(); i++) {
        partitionBy.add(row.getArray(2).getElements().getString(i));
      }
    }
    return new RawMetadata(text(row, 0), text(row, 1), partitionBy);
  }

  private static String text(Row row, int ordinal) {
    return row.isNullAt(ordinal) ? "" : row.getString(ordinal);
  }
}
