package io.mlpipeline.delta;

import io.delta.kernel.Scan;
import io.delta.kernel.ScanBuilder;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads events from one snapshot of a table of events, several files at a time. */
final class EventReader<T> {

  private static final Logger LOG = LoggerFactory.getLogger(EventReader.class);

  private final ReadForm<T> form;
  private final Engine engine;
  private final Snapshot snapshot;
  private final Row scanState;

  EventReader(ReadForm<T> form, Engine engine, Snapshot snapshot) {
    this.form = form;
    this.engine = engine;
    this.snapshot = snapshot;
    this.scanState = scan(null).getScanState(engine);
  }

  private Scan scan(@Nullable Predicate filter) {
    ScanBuilder builder = snapshot.getScanBuilder().withReadSchema(form.read());
    return (filter == null ? builder : builder.withFilter(filter)).build();
  }

  /** The files that can hold rows for which the filter is true; all files without one. */
  List<Row> files(@Nullable Predicate filter) {
    List<Row> files = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan(filter).getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          rows.forEachRemaining(files::add);
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
    return files;
  }

  /** The events in these files; a row that is none of ours is left out with a warning. */
  List<T> read(List<Row> files) {
    return files.parallelStream().flatMap(f -> readFile(f, Strictness.LENIENT).stream()).toList();
  }

  /** The same, but throws if a row would be left out. */
  List<T> readExactly(List<Row> files) {
    return files.parallelStream().flatMap(f -> readFile(f, Strictness.STRICT).stream()).toList();
  }

  private enum Strictness {
    LENIENT,
    STRICT
  }

  private List<T> readFile(Row file, Strictness how) {
    List<T> events = new ArrayList<>();
    FileStatus status = EventActions.status(file);
    try (CloseableIterator<ColumnarBatch> physical =
            engine
                .getParquetHandler()
                .readParquetFiles(
                    EventActions.iterator(List.of(status).iterator()),
                    EventActions.physicalSchema(engine, scanState),
                    Optional.empty());
        CloseableIterator<FilteredColumnarBatch> logical =
            Scan.transformPhysicalData(engine, scanState, file, physical)) {
      while (logical.hasNext()) {
        addEvents(logical.next(), how, events);
      }
    } catch (IOException e) {
      throw failed(e);
    }
    return events;
  }

  private void addEvents(FilteredColumnarBatch batch, Strictness how, List<T> into) {
    ColumnarBatch data = batch.getData();
    Optional<ColumnVector> selected = batch.getSelectionVector();
    for (int row = 0; row < data.getSize(); row++) {
      boolean live =
          selected.isEmpty() || (!selected.get().isNullAt(row) && selected.get().getBoolean(row));
      if (live) {
        addEvent(data, row, how, into);
      }
    }
  }

  private void addEvent(ColumnarBatch data, int row, Strictness how, List<T> into) {
    @Nullable Object[] values = new Object[data.getSchema().length()];
    for (int c = 0; c < values.length; c++) {
      values[c] = ObjectVector.read(data.getColumnVector(c), row);
    }
    try {
      into.add(form.event(new Values(values)));
    } catch (IllegalArgumentException | NullPointerException e) {
      if (how == Strictness.STRICT) {
        throw e;
      }
      LOG.warn("A row of the {} is none of ours: {}", form.what(), e.getMessage());
    }
  }

  private EngineException failed(IOException e) {
    return new EngineException(
        ErrorType.STORAGE_UNAVAILABLE,
        "The " + form.what() + " cannot be read: " + e.getMessage(),
        e);
  }
}
