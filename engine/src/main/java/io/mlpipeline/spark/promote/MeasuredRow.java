package io.mlpipeline.spark.promote;

import io.mlpipeline.spark.promote.Measures.Slice;
import io.mlpipeline.spark.promote.NamedMetric.Root;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The one row that rules are evaluated over: a struct for each of what they see. */
final class MeasuredRow {

  private final Measures measures;
  private final List<NamedMetric> named;

  /**
   * @param named the metrics that any rule names: only these become fields
   */
  MeasuredRow(Measures measures, SortedSet<NamedMetric> named) {
    this.measures = measures;
    SortedSet<NamedMetric> metrics = new TreeSet<>(named);
    metrics.remove(new NamedMetric(Root.SLICES, Measures.NAME));
    metrics.remove(new NamedMetric(Root.SLICES, Measures.ROWS));
    this.named = List.copyOf(metrics);
  }

  /** The row. */
  Dataset<Row> whole(SparkSession spark) {
    return spark.createDataFrame(List.of(row(measures.slices())), schema());
  }

  /** A row for each slice, in the order of the slices, as if it were the only one. */
  Dataset<Row> bySlice(SparkSession spark) {
    List<Row> rows = measures.slices().stream().map(slice -> row(List.of(slice))).toList();
    return spark.createDataFrame(rows, schema()).coalesce(1);
  }

  private List<NamedMetric> of(Root root) {
    return named.stream().filter(one -> one.root() == root).toList();
  }

  private StructType schema() {
    StructType schema = new StructType();
    for (Root root : Root.values()) {
      StructType fields = new StructType();
      if (root == Root.SLICES) {
        fields = fields.add(Measures.NAME, DataTypes.StringType);
        fields = fields.add(Measures.ROWS, DataTypes.LongType);
      }
      for (NamedMetric one : of(root)) {
        fields = fields.add(one.metric(), DataTypes.DoubleType);
      }
      if (root == Root.SLICES) {
        schema = schema.add(root.word(), DataTypes.createArrayType(fields));
      } else if (!fields.isEmpty()) {
        schema = schema.add(root.word(), fields);
      }
    }
    return schema;
  }

  private Row row(List<Slice> slices) {
    List<Object> columns = new ArrayList<>();
    for (Root root : Root.values()) {
      if (root == Root.SLICES) {
        columns.add(slices.stream().map(this::row).toList());
      } else if (!of(root).isEmpty()) {
        columns.add(RowFactory.create(of(root).stream().map(measures::find).toArray()));
      }
    }
    return RowFactory.create(columns.toArray());
  }

  private Row row(Slice slice) {
    List<Object> values = new ArrayList<>(Arrays.asList(slice.name(), slice.rows()));
    of(Root.SLICES).forEach(one -> values.add(slice.metrics().get(one.metric())));
    return RowFactory.create(values.toArray());
  }
}
