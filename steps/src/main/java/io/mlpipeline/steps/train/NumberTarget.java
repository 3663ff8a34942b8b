package io.mlpipeline.steps.train;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.MlColumns;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A number to be predicted.
 *
 * @param field its column
 */
record NumberTarget(StructField field) implements Target {

  static NumberTarget of(StructType schema, String label) {
    MlColumns.requireNumber(schema, "label", label);
    return new NumberTarget(MlColumns.find(schema, "label", label));
  }

  @Override
  public Column kept() {
    return MlColumns.number(MlColumns.named(field.name()));
  }

  @Override
  public Counted count(Dataset<Row> rows) {
    Column label = Target.column();
    Row facts =
        rows.agg(functions.count(lit(1)), functions.count(label), min(label), max(label)).head();
    long all = facts.getLong(0);
    long labelled = facts.getLong(1);
    if (all == 0) {
      throw Target.noRows();
    }
    if (labelled < all) {
      throw Target.unlabelled(field.name(), all - labelled);
    }
    double least = facts.getDouble(2);
    double greatest = facts.getDouble(3);
    if (Double.isInfinite(least) || Double.isInfinite(greatest)) {
      throw failed("holds infinite values: leave those rows out in a step before");
    }
    if (least == greatest) {
      throw failed("is " + least + " in every row: there is nothing to learn");
    }
    return new Numbers(all, least, greatest);
  }

  private EngineException failed(String problem) {
    return new EngineException(ErrorType.STEP_FAILED, "label " + field.name() + " " + problem);
  }

  private record Numbers(long rows, double least, double greatest) implements Counted {

    @Override
    public String task() {
      return "regression";
    }

    @Override
    public Column number() {
      return Target.column();
    }

    @Override
    public List<String> classes() {
      return List.of();
    }

    @Override
    public Column balance() {
      return lit(1.0);
    }

    @Override
    public SortedMap<String, Double> metrics() {
      SortedMap<String, Double> metrics = new TreeMap<>();
      metrics.put("label_min", least);
      metrics.put("label_max", greatest);
      return metrics;
    }
  }
}
