package io.mlpipeline.delta;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes events as Parquet files of one transaction; nobody sees them before its commit. */
final class EventWriter<T> {

  private final EventForm<T> form;
  private final Engine engine;
  private final Row state;

  EventWriter(EventForm<T> form, Engine engine, Row state) {
    this.form = form;
    this.engine = engine;
    this.state = state;
  }

  /** The actions that bring one partition's events into the table. */
  List<Row> write(String part, List<T> events, boolean dataChange) {
    Map<String, Literal> partition = Map.of(form.partition(), form.literal(part));
    List<Row> actions = new ArrayList<>();
    try (CloseableIterator<DataFileStatus> files = writeFiles(partition, events)) {
      while (files.hasNext()) {
        actions.add(EventActions.added(state, files.next(), partition, dataChange));
      }
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.STORAGE_UNAVAILABLE,
          "The " + form.what() + " cannot be written: " + e.getMessage(),
          e);
    }
    return actions;
  }

  private CloseableIterator<DataFileStatus> writeFiles(
      Map<String, Literal> partition, List<T> events) throws IOException {
    List<Object[]> rows = events.stream().sorted(form.order()).map(form::row).toList();
    FilteredColumnarBatch batch = EventActions.batch(form.schema(), rows);
    CloseableIterator<FilteredColumnarBatch> physical =
        Transaction.transformLogicalData(
            engine, state, EventActions.iterator(List.of(batch).iterator()), partition);
    DataWriteContext context = Transaction.getWriteContext(engine, state, partition);
    // Bounds let a reader skip files; those of other columns are of no use.
    return engine
        .getParquetHandler()
        .writeParquetFiles(
            context.getTargetDirectory(), physical, List.of(new Column(form.bounded())));
  }
}
