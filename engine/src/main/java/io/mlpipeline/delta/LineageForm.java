package io.mlpipeline.delta;

import io.delta.kernel.expressions.Literal;
import io.delta.kernel.types.StructType;
import io.mlpipeline.model.LineageEvent;
import java.time.LocalDate;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The rows of the lineage table. */
final class LineageForm implements EventForm<LineageEvent> {

  static final String WHAT = "lineage table";

  @Override
  public String what() {
    return WHAT;
  }

  @Override
  public String engineInfo() {
    return "mlpipeline lineage";
  }

  @Override
  public StructType schema() {
    return EventColumns.SCHEMA;
  }

  @Override
  public StructType read() {
    return EventColumns.EVENT;
  }

  @Override
  public String partition() {
    return EventColumns.DATE;
  }

  @Override
  public String bounded() {
    return EventColumns.RUN_ID;
  }

  @Override
  public String partitionOf(LineageEvent event) {
    return EventRows.date(event).toString();
  }

  @Override
  public Literal literal(String partition) {
    return Literal.ofDate((int) LocalDate.parse(partition).toEpochDay());
  }

  @Override
  public Comparator<LineageEvent> order() {
    return Comparator.comparing(LineageEvent::runId).thenComparing(LineageEvent::id);
  }

  @Override
  public @Nullable Object[] row(LineageEvent event) {
    return EventRows.row(event);
  }

  @Override
  public LineageEvent event(Values row) {
    return EventRows.event(row);
  }
}
