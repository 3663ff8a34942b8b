package io.mlpipeline.delta;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.List;

/**
 * Lets a table of events that an earlier version of the engine made go on: columns that have been
 * added since become part of its schema by a commit of metadata, and are null in older rows.
 */
final class EventColumnChanges {

  private EventColumnChanges() {}

  /** Whether the table lacks columns of ours, and has none that we do not know. */
  static boolean areOlder(EventForm<?> form, Snapshot table) {
    StructType now = table.getSchema();
    return !now.equals(form.schema()) && isPart(now, form.schema());
  }

  /** Adds what is missing; a race is lost by throwing Kernel's ConcurrentWriteException. */
  static void add(EventForm<?> form, Engine engine, String root, Snapshot table) {
    KernelTable.Shape shape =
        new KernelTable.Shape(KernelTable.schemaJson(form.schema()), List.of(form.partition()));
    KernelTable.Author author =
        new KernelTable.Author(form.engineInfo(), "columns-" + table.getVersion());
    KernelTable.at(engine, root, table.getVersion())
        .commit(shape, author, List.of(), Operation.MANUAL_UPDATE);
  }

  private static boolean isPart(DataType old, DataType now) {
    if (old instanceof StructType before && now instanceof StructType after) {
      for (StructField field : before.fields()) {
        int at = after.indexOf(field.getName());
        if (at < 0 || !isPart(field.getDataType(), after.at(at).getDataType())) {
          return false;
        }
      }
      return true;
    }
    if (old instanceof ArrayType before && now instanceof ArrayType after) {
      return isPart(before.getElementType(), after.getElementType());
    }
    if (old instanceof MapType before && now instanceof MapType after) {
      return isPart(before.getKeyType(), after.getKeyType())
          && isPart(before.getValueType(), after.getValueType());
    }
    return old.equals(now);
  }
}
