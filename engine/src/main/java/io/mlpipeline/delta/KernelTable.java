package io.mlpipeline.delta;

import io.delta.kernel.Operation;
import io.delta.kernel.Table;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableImpl;
import io.delta.kernel.internal.TransactionImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.actions.SetTransaction;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.tablefeatures.TableFeatures;
import io.delta.kernel.internal.types.DataTypeJsonSerDe;
import io.delta.kernel.internal.util.Clock;
import io.delta.kernel.internal.util.ColumnMapping;
import io.delta.kernel.internal.util.ColumnMapping.ColumnMappingMode;
import io.delta.kernel.internal.util.SchemaUtils;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.mlpipeline.model.DataFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One version of a table, and commits on top of it. The only class that touches Kernel's {@code
 * internal} package: Kernel 4.0 can neither overwrite nor change a schema through its public one.
 */
final class KernelTable {

  private static final Pattern NUM_RECORDS = Pattern.compile("\"numRecords\"\\s*:\\s*(\\d+)");

  private final Engine engine;
  private final SnapshotImpl snapshot;
  private final Clock clock;

  private KernelTable(Engine engine, SnapshotImpl snapshot, Clock clock) {
    this.engine = engine;
    this.snapshot = snapshot;
    this.clock = clock;
  }

  /**
   * A file that the version shows.
   *
   * @param key what tells it from others: its path, and its deletion vector if it has one
   * @param file the file
   * @param row the log's own row
   * @param hasDeletionVector whether some of its rows are marked as deleted
   */
  record LiveFile(String key, DataFile file, Row row, boolean hasDeletionVector) {}

  /**
   * The new look of the table after a commit.
   *
   * @param schemaJson the schema
   * @param partitionBy the partition columns
   */
  record Shape(String schemaJson, List<String> partitionBy) {}

  /** Who commits. */
  record Author(String engineInfo, String transaction) {}

  static KernelTable at(Engine engine, String root, long version) {
    TableImpl table = (TableImpl) Table.forPath(engine, root);
    SnapshotImpl snapshot = (SnapshotImpl) table.getSnapshotAsOfVersion(engine, version);
    return new KernelTable(engine, snapshot, table.getClock());
  }

  /** Makes the table with these files, as version 0. */
  static TransactionCommitResult create(
      Engine engine,
      String root,
      Shape shape,
      Map<String, String> properties,
      Author author,
      List<DataFile> files) {
    return Table.forPath(engine, root)
        .createTransactionBuilder(engine, author.engineInfo(), Operation.CREATE_TABLE)
        .withSchema(engine, parseSchema(shape.schemaJson()))
        .withPartitionColumns(engine, shape.partitionBy())
        .withTableProperties(engine, properties)
        .withTransactionId(engine, author.transaction(), 0)
        .withMaxRetries(0)
        .build(engine)
        .commit(engine, iterable(adds(files)));
  }

  /** A schema that Kernel can write; throws what Kernel throws if it cannot. */
  static StructType parseSchema(String schemaJson) {
    return DataTypeJsonSerDe.deserializeStructType(schemaJson);
  }

  /** A schema as the log says it. */
  static String schemaJson(StructType schema) {
    return DataTypeJsonSerDe.serializeStructType(schema);
  }

  long version() {
    return snapshot.getVersion();
  }

  String id() {
    return snapshot.getMetadata().getId();
  }

  Shape shape() {
    return new Shape(snapshot.getMetadata().getSchemaString(), snapshot.getPartitionColumnNames());
  }

  boolean mapsColumns() {
    return ColumnMapping.getColumnMappingMode(snapshot.getMetadata().getConfiguration())
        != ColumnMappingMode.NONE;
  }

  boolean hasTransaction(String transaction) {
    return snapshot.getLatestTransactionVersion(engine, transaction).isPresent();
  }

  List<LiveFile> liveFiles() {
    List<LiveFile> files = new ArrayList<>();
    ScanImpl scan = (ScanImpl) snapshot.getScanBuilder().build();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
      while (batches.hasNext()) {
        batches.next().getRows().forEachRemaining(row -> files.add(liveFile(row.getStruct(0))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static LiveFile liveFile(Row row) {
    AddFile add = new AddFile(row);
    String vector = add.getDeletionVector().map(dv -> "#" + dv.getUniqueId()).orElse("");
    String path = LogPaths.decode(add.getPath());
    String stats = add.getStatsJson().orElse(null);
    long rows = -1;
    if (stats != null) {
      Matcher matcher = NUM_RECORDS.matcher(stats);
      rows = matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }
    SortedMap<String, String> partition = partition(add.getPartitionValues());
    DataFile file =
        new DataFile(path, partition, add.getSize(), add.getModificationTime(), rows, stats);
    return new LiveFile(path + vector, file, row, !vector.isEmpty());
  }

  private static SortedMap<String, String> partition(MapValue values) {
    SortedMap<String, String> result = new TreeMap<>();
    VectorUtils.<String, String>toJavaMap(values)
        .forEach((column, value) -> result.put(column, value == null ? "" : value));
    return result;
  }

  /** Commits on top of this version, once and with no retries. */
  TransactionCommitResult commit(
      Shape shape, Author author, List<Row> actions, Operation operation) {
    Optional<Metadata> changed = changedMetadata(shape);
    Metadata metadata = changed.orElse(snapshot.getMetadata());
    Optional<Protocol> protocol =
        TableFeatures.autoUpgradeProtocolBasedOnMetadata(
                metadata, Collections.emptyList(), snapshot.getProtocol())
            .map(upgrade -> upgrade._1);
    Protocol used = protocol.orElse(snapshot.getProtocol());
    TableFeatures.validateKernelCanWriteToTable(used, metadata, snapshot.getDataPath().toString());
    SetTransaction transaction =
        new SetTransaction(author.transaction(), 0L, Optional.of(clock.getTimeMillis()));
    return new TransactionImpl(
            false,
            snapshot.getDataPath(),
            snapshot.getLogPath(),
            snapshot,
            author.engineInfo(),
            operation,
            used,
            metadata,
            Optional.of(transaction),
            Optional.empty(),
            changed.isPresent(),
            protocol.isPresent(),
            0,
            0,
            clock)
        .commit(engine, iterable(actions));
  }

  private Optional<Metadata> changedMetadata(Shape shape) {
    Metadata old = snapshot.getMetadata();
    StructType schema = parseSchema(shape.schemaJson());
    if (schema.equals(old.getSchema())
        && shape.partitionBy().equals(snapshot.getPartitionColumnNames())) {
      return Optional.empty();
    }
    if (!mapsColumns()) {
      SchemaUtils.validateSchema(schema, false);
      SchemaUtils.validatePartitionColumns(schema, shape.partitionBy());
    }
    return Optional.of(
        new Metadata(
            old.getId(),
            old.getName(),
            old.getDescription(),
            old.getFormat(),
            shape.schemaJson(),
            schema,
            VectorUtils.buildArrayValue(shape.partitionBy(), StringType.STRING),
            old.getCreatedTime(),
            old.getConfigurationMapValue()));
  }

  /** The actions that add new files; files with no rows are left out. */
  static List<Row> adds(List<DataFile> files) {
    List<Row> actions = new ArrayList<>();
    for (DataFile file : files) {
      if (file.rows() != 0) {
        actions.add(SingleAction.createAddFileSingleAction(add(file)));
      }
    }
    return actions;
  }

  private static Row add(DataFile file) {
    Map<String, String> partition = new HashMap<>();
    file.partition().forEach((column, value) -> partition.put(column, emptyToNull(value)));
    return new ActionRow(AddFile.FULL_SCHEMA)
        .with("path", LogPaths.encode(file.path()))
        .with("partitionValues", VectorUtils.stringStringMapValue(partition))
        .with("size", file.size())
        .with("modificationTime", file.modifiedMillis())
        .with("dataChange", true)
        .with("stats", file.stats());
  }

  @SuppressWarnings("NullAway") // the log's null partition; a map of nullable values has no type
  private static String emptyToNull(String value) {
    return value.isEmpty() ? null : value;
  }

  /** The action that adds a file again that an older version shows. */
  static Row addAgain(LiveFile file) {
    return SingleAction.createAddFileSingleAction(
        ActionRow.copyOf(file.row(), AddFile.FULL_SCHEMA).with("dataChange", true));
  }

  /** The action that removes a live file. */
  static Row remove(LiveFile file) {
    return SingleAction.createRemoveFileSingleAction(
        new AddFile(file.row()).toRemoveFileRow(true, Optional.empty()));
  }

  private static CloseableIterable<Row> iterable(List<Row> rows) {
    return new CloseableIterable<Row>() {
      @Override
      public CloseableIterator<Row> iterator() {
        return closeable(rows.iterator());
      }

      @Override
      public void close() {}
    };
  }

  static <T> CloseableIterator<T> closeable(Iterator<T> iterator) {
    return new CloseableIterator<T>() {
      @Override
      public boolean hasNext() {
        return iterator.hasNext();
      }

      @Override
      public T next() {
        return iterator.next();
      }

      @Override
      public void close() {}
    };
  }
}
