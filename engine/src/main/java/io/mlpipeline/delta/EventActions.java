package io.mlpipeline.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.data.TransactionStateRow;
import io.delta.kernel.internal.fs.Path;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything of the tables of events that needs Kernel's internal packages, and nothing else. */
final class EventActions {

  private EventActions() {}

  /** The last number that was committed under an application id; 0 if there was none. */
  static long transaction(Snapshot snapshot, Engine engine, String appId) {
    return ((SnapshotImpl) snapshot).getLatestTransactionVersion(engine, appId).orElse(0L);
  }

  static Map<String, String> partitionValues(Row scanFile) {
    return InternalScanFileUtils.getPartitionValues(scanFile);
  }

  static FileStatus status(Row scanFile) {
    return InternalScanFileUtils.getAddFileStatus(scanFile);
  }

  static StructType physicalSchema(Engine engine, Row scanState) {
    return ScanStateRow.getPhysicalDataReadSchema(engine, scanState);
  }

  /** The action that takes a file out of the table, its rows being elsewhere in it. */
  static Row moved(Row scanFile) {
    Row add = scanFile.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    return SingleAction.createRemoveFileSingleAction(
        new AddFile(add).toRemoveFileRow(false, Optional.empty()));
  }

  /** The action that brings a file into the table. */
  static Row added(Row state, DataFileStatus file, Map<String, Literal> partition, boolean change) {
    URI root = new Path(TransactionStateRow.getTablePath(state)).toUri();
    StructType schema = TransactionStateRow.getPhysicalSchema(state);
    return SingleAction.createAddFileSingleAction(
        AddFile.convertDataFileStatus(schema, root, file, partition, change, Map.of()).toRow());
  }

  static <T> CloseableIterator<T> iterator(Iterator<T> values) {
    return Utils.toCloseableIterator(values);
  }

  /** Rows as one batch of columns. */
  static FilteredColumnarBatch batch(StructType schema, List<@Nullable Object[]> rows) {
    ColumnVector[] columns = new ColumnVector[schema.length()];
    for (int c = 0; c < columns.length; c++) {
      List<@Nullable Object> values = new ArrayList<>(rows.size());
      for (@Nullable Object[] row : rows) {
        values.add(row[c]);
      }
      columns[c] = new ObjectVector(schema.at(c).getDataType(), values);
    }
    return new FilteredColumnarBatch(
        new DefaultColumnarBatch(rows.size(), schema, columns), Optional.empty());
  }
}
