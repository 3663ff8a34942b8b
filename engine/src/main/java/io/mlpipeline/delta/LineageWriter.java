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
import io.mlpipeline.model.LineageEvent;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Writes events as Parquet files of one transaction; nobody sees them before its commit. */
final class LineageWriter {

  private final Engine engine;
  private final Row state;

  LineageWriter(Engine engine, Row state) {
    this.engine = engine;
    this.state = state;
  }

  /** The actions that bring one day's events into the table. */
  List<Row> write(LocalDate date, List<LineageEvent> events, boolean dataChange) {
    Map<String, Literal> partition =
        Map.of(EventColumns.DATE, Literal.ofDate((int) date.toEpochDay()));
    List<Row> actions = new ArrayList<>();
    try (CloseableIterator<DataFileStatus> files = writeFiles(partition, events)) {
      while (files.hasNext()) {
        actions.add(LineageActions.added(state, files.next(), partition, dataChange));
      }
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.STORAGE_UNAVAILABLE, "Lineage cannot be written: " + e.getMessage(), e);
    }
    return actions;
  }

  private CloseableIterator<DataFileStatus> writeFiles(
      Map<String, Literal> partition, List<LineageEvent> events) throws IOException {
    List<Object[]> rows =
        events.stream()
            .sorted(Comparator.comparing(LineageEvent::runId).thenComparing(LineageEvent::id))
            .map(EventRows::row)
            .toList();
    FilteredColumnarBatch batch = LineageActions.batch(EventColumns.SCHEMA, rows);
    CloseableIterator<FilteredColumnarBatch> physical =
        Transaction.transformLogicalData(
            engine, state, LineageActions.iterator(List.of(batch).iterator()), partition);
    DataWriteContext context = Transaction.getWriteContext(engine, state, partition);
    // Bounds of run ids let a reader of one run skip files; those of other texts are of no use.
    return engine
        .getParquetHandler()
        .writeParquetFiles(
            context.getTargetDirectory(), physical, List.of(new Column(EventColumns.RUN_ID)));
  }
}
