package io.mlpipeline.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.Operation;
import io.delta.kernel.Table;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.mlpipeline.json.Samples;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lineage table that the version before made, without quarantines and waivers. */
class EventColumnChangesTest {

  private static final String RUN = "r20240601-020000-1f3a9c";
  private static final Set<String> NEW = Set.of("quarantine", "waiver");

  @TempDir private Path directory;

  @Test
  void olderTableIsReadAndFoldedOntoAndNewColumnsAreKept() throws Exception {
    LineageEvent old = without(new Samples(3).event(RUN, 0));
    LineageEvent now = new Samples(4).event(RUN, 1);
    writeAsBefore(old);
    LineageTable table = new LineageTable(directory.toString(), new HadoopSettings());
    assertThat(table.all()).containsExactly(old);
    assertThat(table.append(table.lastFold() + 1, List.of(now))).isTrue();
    assertThat(table.append(table.lastFold() + 1, List.of(now))).isTrue();
    assertThat(table.all()).containsExactlyInAnyOrder(old, now);
    assertThat(
            Table.forPath(engine(), directory.toString()).getLatestSnapshot(engine()).getSchema())
        .isEqualTo(EventColumns.SCHEMA);
  }

  private static Engine engine() {
    return DefaultEngine.create(new Configuration());
  }

  private void writeAsBefore(LineageEvent event) throws Exception {
    Engine engine = engine();
    StructType schema = (StructType) older(EventColumns.SCHEMA);
    Transaction transaction =
        Table.forPath(engine, directory.toString())
            .createTransactionBuilder(engine, "before", Operation.CREATE_TABLE)
            .withSchema(engine, schema)
            .withPartitionColumns(engine, List.of(EventColumns.DATE))
            .withTransactionId(engine, "fold", 1)
            .build(engine);
    Row state = transaction.getTransactionState(engine);
    Map<String, Literal> partition =
        Map.of(EventColumns.DATE, Literal.ofDate((int) EventRows.date(event).toEpochDay()));
    Object[] row = EventRows.row(event);
    List<Object[]> rows = List.<Object[]>of(row);
    FilteredColumnarBatch batch = EventActions.batch(schema, rows);
    List<Row> actions = new ArrayList<>();
    try (CloseableIterator<DataFileStatus> files =
        engine
            .getParquetHandler()
            .writeParquetFiles(
                Transaction.getWriteContext(engine, state, partition).getTargetDirectory(),
                Transaction.transformLogicalData(
                    engine, state, EventActions.iterator(List.of(batch).iterator()), partition),
                List.of())) {
      files.forEachRemaining(f -> actions.add(EventActions.added(state, f, partition, true)));
    }
    transaction.commit(
        engine, CloseableIterable.inMemoryIterable(EventActions.iterator(actions.iterator())));
  }

  private static io.delta.kernel.types.DataType older(io.delta.kernel.types.DataType type) {
    if (type instanceof ArrayType array) {
      return new ArrayType(older(array.getElementType()), true);
    }
    if (type instanceof StructType struct) {
      StructType before = new StructType();
      for (StructField field : struct.fields()) {
        if (!NEW.contains(field.getName())) {
          before = before.add(field.getName(), older(field.getDataType()));
        }
      }
      return before;
    }
    return type;
  }

  private static GateReport gate() {
    GateRule rule = new GateRule("rows", Severity.WARN, "RowCount > 1", SourceLocation.UNKNOWN);
    return GateReport.of("d", List.of(new RuleOutcome(rule, false, "few", new TreeMap<>())));
  }

  private static LineageEvent without(LineageEvent e) {
    return new LineageEvent(
        e.id(),
        e.kind(),
        e.runId(),
        e.pipeline(),
        e.environment(),
        e.step(),
        e.attempt(),
        e.status(),
        e.reason(),
        e.fingerprint(),
        e.ingredients(),
        e.inputs(),
        e.outputs(),
        e.metrics(),
        List.of(gate()),
        e.failure(),
        e.facts(),
        e.started(),
        e.ended());
  }
}
