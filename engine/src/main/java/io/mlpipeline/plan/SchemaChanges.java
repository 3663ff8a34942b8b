package io.mlpipeline.plan;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.SchemaSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What keeps a reader who trusts one contract from reading data that another contract describes.
 *
 * <p>He reads by name, so more columns and another order do not matter to him; he relies on types,
 * units, allowed values, the absence of nulls and keys.
 */
public final class SchemaChanges {

  private SchemaChanges() {}

  /**
   * One difference that breaks the reader.
   *
   * @param column the column; empty if it is about the keys
   * @param message what the data may hold that the reader does not expect
   */
  public record Change(Optional<String> column, String message) {}

  /** Every difference that breaks the reader, in the order of his columns; empty if he can read. */
  public static List<Change> breaking(SchemaSpec data, SchemaSpec reader) {
    List<Change> changes = new ArrayList<>();
    for (ColumnSpec wanted : reader.columns()) {
      Optional<ColumnSpec> found = data.column(wanted.name());
      if (found.isEmpty()) {
        changes.add(change(wanted, "is not in " + data.name()));
      } else {
        compare(found.get(), wanted, changes);
      }
    }
    if (!reader.keys().isEmpty()
        && !new HashSet<>(reader.keys()).equals(new HashSet<>(data.keys()))) {
      changes.add(
          new Change(
              Optional.empty(),
              "the key is "
                  + keys(data)
                  + " in "
                  + data.name()
                  + " and "
                  + keys(reader)
                  + " in "
                  + reader.name()));
    }
    return changes;
  }

  private static void compare(ColumnSpec found, ColumnSpec wanted, List<Change> changes) {
    if (!Widening.isLossless(found.type(), wanted.type())) {
      changes.add(change(wanted, "is " + found.type() + " instead of " + wanted.type()));
    }
    if (found.nullable() && !wanted.nullable()) {
      changes.add(change(wanted, "may be null, and must not have been"));
    }
    if (!Objects.equals(found.unit(), wanted.unit())) {
      changes.add(change(wanted, "is measured in " + unit(found) + " instead of " + unit(wanted)));
    }
    if (!wanted.allowed().isEmpty()) {
      allowed(found, wanted).ifPresent(changes::add);
    }
  }

  private static Optional<Change> allowed(ColumnSpec found, ColumnSpec wanted) {
    if (found.allowed().isEmpty()) {
      return Optional.of(
          change(
              wanted,
              "may hold any value instead of " + String.join(", ", shown(wanted.allowed()))));
    }
    List<String> more = new ArrayList<>(found.allowed());
    more.removeAll(wanted.allowed());
    return more.isEmpty()
        ? Optional.empty()
        : Optional.of(change(wanted, "may also hold " + String.join(", ", shown(more))));
  }

  private static List<String> shown(List<String> values) {
    List<String> few = new ArrayList<>(values.subList(0, Math.min(5, values.size())));
    if (values.size() > few.size()) {
      few.add("...");
    }
    return few;
  }

  private static Change change(ColumnSpec column, String message) {
    return new Change(Optional.of(column.name()), "column '" + column.name() + "' " + message);
  }

  private static String unit(ColumnSpec column) {
    return column.unit() == null ? "an unnamed unit" : column.unit();
  }

  private static String keys(SchemaSpec schema) {
    return schema.keys().isEmpty() ? "absent" : "(" + String.join(", ", schema.keys()) + ")";
  }
}
