package io.mlpipeline.spark.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart what a model says of one row. The vector's slots are traced back through assembler,
 * encoder, indexer, hashing and SQL to the raw columns that they were made from.
 */
public final class RowExplainer {

  private RowExplainer() {}

  /**
   * What a model says of a row, and why.
   *
   * @param scored the row with what the model added
   * @param contributions what each raw column adds
   */
  public record Explained(Row scored, Contributions contributions) {}

  /** Explains the only row of {@code one}; it has the columns that the model takes. */
  public static Explained explain(Transformer model, Dataset<Row> one) {
    RawColumns columns = new RawColumns(one);
    Dataset<Row> rows = one;
    VectorAssembler assembler = null;
    Transformer learner = null;
    for (Transformer stage : stages(model)) {
      rows = stage.transform(rows);
      columns.after(stage, rows);
      if (stage instanceof VectorAssembler found) {
        assembler = found;
      }
      if (stage.hasParam("predictionCol") && stage.hasParam("featuresCol")) {
        learner = stage;
      }
    }
    Row scored = rows.head();
    return new Explained(scored, contributions(learner, assembler, columns, scored));
  }

  private static List<Transformer> stages(Transformer model) {
    if (!(model instanceof PipelineModel pipeline)) {
      return List.of(model);
    }
    List<Transformer> all = new ArrayList<>();
    Arrays.stream(pipeline.stages()).forEach(stage -> all.addAll(stages(stage)));
    return all;
  }

  private static Contributions contributions(
      @Nullable Transformer learner,
      @Nullable VectorAssembler assembler,
      RawColumns columns,
      Row scored) {
    if (learner == null) {
      return Contributions.none("no stage of the model predicts from a vector of features");
    }
    Vector features = (Vector) value(scored, text(learner, "featuresCol")).orElseThrow();
    Number prediction = (Number) value(scored, text(learner, "predictionCol")).orElseThrow();
    SlotValues slots = SlotValues.of(learner, features, prediction.doubleValue());
    if (slots == null) {
      return Contributions.none(
          learner.getClass().getSimpleName()
              + " cannot be taken apart column by column: only linear models, trees and k-means"
              + " can");
    }
    List<String> names = names(assembler, columns, scored, features.size());
    Map<String, Double> sums = new TreeMap<>();
    double total = slots.base();
    for (int i = 0; i < features.size(); i++) {
      sums.merge(names.get(i), slots.values()[i], Double::sum);
      total += slots.values()[i];
    }
    return new Contributions(slots.scale(), slots.base(), ordered(sums), total, slots.note());
  }

  /** The largest first; those that add nothing are left out. */
  private static Map<String, Double> ordered(Map<String, Double> sums) {
    Map<String, Double> ordered = new LinkedHashMap<>();
    sums.entrySet().stream()
        .filter(e -> e.getValue() != 0)
        .sorted((a, b) -> Double.compare(Math.abs(b.getValue()), Math.abs(a.getValue())))
        .forEach(e -> ordered.put(e.getKey(), e.getValue()));
    return ordered;
  }

  /** The raw columns behind each slot. */
  private static List<String> names(
      @Nullable VectorAssembler assembler, RawColumns columns, Row scored, int size) {
    List<String> names = new ArrayList<>();
    if (assembler != null) {
      for (String input : assembler.getInputCols()) {
        Object value = value(scored, input).orElse(null);
        int width = value instanceof Vector vector ? vector.size() : 1;
        String name = String.join(" + ", columns.of(input));
        for (int i = 0; i < width; i++) {
          names.add(name);
        }
      }
    }
    if (names.size() != size) { // a model of somebody else, put together in another way
      names.clear();
      for (int i = 0; i < size; i++) {
        names.add("feature " + i);
      }
    }
    return names;
  }

  private static Optional<Object> value(Row row, String column) {
    return Optional.ofNullable(row.get(row.fieldIndex(column)));
  }

  private static String text(Transformer stage, String param) {
    Param<Object> found = stage.getParam(param);
    return String.valueOf(stage.getOrDefault(found));
  }
}
