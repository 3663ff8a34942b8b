package io.mlpipeline.spark.table;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.TableLog.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a table before and after a batch is merged into it. The batch's are those of the
 * result: it may bring new ones, which are null in the rows that stay, and must lack none.
 */
final class MergedColumns {

  private final StructType after;
  private final Map<String, StructField> before = new TreeMap<>();
  private final boolean samePartitions;

  private MergedColumns(StagedTable batch, Snapshot current) {
    this.after = Schemas.parse(batch.schemaJson());
    for (StructField field : Schemas.parse(current.schemaJson()).fields()) {
      before.put(key(field), field);
    }
    this.samePartitions = batch.partitionBy().equals(current.partitionBy());
  }

  /** Throws CONTRACT_BROKEN with every column that is lost or whose values would not fit. */
  static MergedColumns of(StagedTable batch, Snapshot current) {
    MergedColumns columns = new MergedColumns(batch, current);
    List<String> problems = columns.problems();
    if (!problems.isEmpty()) {
      throw new EngineException(
          ErrorType.CONTRACT_BROKEN,
          "output "
              + batch.name()
              + " cannot be merged into version "
              + current.version()
              + " of "
              + batch.uri()
              + ": "
              + String.join("; ", problems)
              + "; give what is missing, or publish once with mode: replace");
    }
    return columns;
  }

  private List<String> problems() {
    Map<String, StructField> lost = new TreeMap<>(before);
    List<String> problems = new ArrayList<>();
    for (StructField field : after.fields()) {
      StructField old = lost.remove(key(field));
      if (old != null && !Schemas.isLossless(type(old), type(field))) {
        problems.add(
            "column "
                + field.name()
                + " is "
                + old.dataType().catalogString()
                + " there and "
                + field.dataType().catalogString()
                + " in the batch");
      }
    }
    lost.values().forEach(field -> problems.add("the batch lacks column " + field.name()));
    return problems;
  }

  StructType after() {
    return after;
  }

  /** Whether files that are published can be files of the result. */
  boolean fitAsTheyAre() {
    boolean same = samePartitions;
    for (StructField field : after.fields()) {
      StructField old = before.get(key(field));
      same &= old == null || (old.name().equals(field.name()) && type(old).equals(type(field)));
    }
    return same;
  }

  /** Columns that must not be null now, and may be in rows that stay. */
  List<StructField> stricter() {
    List<StructField> strict = new ArrayList<>();
    for (StructField field : after.fields()) {
      StructField old = before.get(key(field));
      if (!field.nullable() && (old == null || old.nullable())) {
        strict.add(field);
      }
    }
    return strict;
  }

  /** Published rows in the columns of the result. */
  Dataset<Row> align(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : after.fields()) {
      StructField old = before.get(key(field));
      Column value = old == null ? functions.lit(null) : rows.col(Contract.quoted(old.name()));
      columns.add(value.cast(field.dataType()).as(field.name()));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  private static org.apache.spark.sql.types.DataType type(StructField field) {
    return Schemas.bare(new StructType(new StructField[] {field})).fields()[0].dataType();
  }

  private static String key(StructField field) {
    return field.name().toLowerCase(Locale.ROOT);
  }
}
