package io.mlpipeline.steps;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.step.StepContext;
import io.mlpipeline.steps.evaluate.MetricNames;
import io.mlpipeline.steps.evaluate.ModelScores;
import io.mlpipeline.steps.evaluate.MultiClassYardstick;
import io.mlpipeline.steps.evaluate.Yardstick;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Several classes: the truth is the label as text; a model says a class and, if it can, a
 * probability for each. Classes are numbered as they come, and renumbered by name at the end.
 */
final class MultiClassReader implements ScoreReader {

  private static final int MOST_CLASSES = 1000;

  private final StructField label;
  private final Map<String, List<String>> classesOfModels;
  private final Map<String, Integer> ids = new HashMap<>();

  private MultiClassReader(StructField label, Map<String, List<String>> classesOfModels) {
    this.label = label;
    this.classesOfModels = classesOfModels;
  }

  static MultiClassReader of(
      StepContext context, List<EvaluatedModel> models, Evaluate.Params params) {
    StructType schema = context.input("rows").schema();
    StructField field = MlColumns.find(schema, "label", params.label());
    MlColumns.requireAtom(schema, "label", params.label());
    Map<String, List<String>> classes = new HashMap<>();
    models.forEach(
        model -> classes.put(model.name(), ModelClasses.of(context.spark(), model, field)));
    return new MultiClassReader(field, classes);
  }

  @Override
  public Column truth() {
    Column raw = MlColumns.named(label.name());
    return label.dataType() instanceof NumericType
        ? MlColumns.number(raw).cast("string")
        : raw.cast("string");
  }

  @Override
  public List<Column> says(EvaluatedModel model, Dataset<Row> scored) {
    Column classes = classes(model);
    Column prediction = ScoreReader.added(model, scored, "prediction", "gives no prediction");
    Column name = element_at(classes, prediction.cast("int").plus(1));
    if (!Arrays.asList(scored.columns()).contains("probability")) {
      return List.of(name, lit(null).cast("double"));
    }
    Column place = array_position(classes, MlColumns.named(Scores.TRUTH)).cast("int");
    Column probabilities = vector_to_array(MlColumns.named("probability"), "float64");
    return List.of(
        name,
        when(place.gt(0), element_at(probabilities, functions.greatest(place, lit(1))))
            .otherwise(lit(0.0)));
  }

  private Column classes(EvaluatedModel model) {
    return functions.array(
        Objects.requireNonNull(classesOfModels.get(model.name())).stream()
            .map(functions::lit)
            .toArray(Column[]::new));
  }

  @Override
  public int outputs() {
    return 2;
  }

  @Override
  public double truth(Row row, int at) {
    if (row.isNullAt(at)) {
      throw ScoreReader.failed(
          "label " + label.name() + " is null in some rows: leave them out before");
    }
    return id(row.getString(at));
  }

  private int id(String name) {
    int id = ids.computeIfAbsent(name, n -> ids.size());
    if (id >= MOST_CLASSES) {
      throw ScoreReader.failed(
          "label "
              + label.name()
              + " has more than "
              + MOST_CLASSES
              + " classes: group them before");
    }
    return id;
  }

  @Override
  public void read(Row row, int at, EvaluatedModel model, double[][] to, int index) {
    if (row.isNullAt(at)) {
      throw ScoreReader.failed("model " + model.described() + " predicts a class it does not name");
    }
    to[0][index] = id(row.getString(at));
    double probability = row.isNullAt(at + 1) ? Double.NaN : row.getDouble(at + 1);
    if (probability < 0 || probability > 1) {
      throw ScoreReader.failed(
          "model " + model.described() + " gives the probability " + probability);
    }
    to[1][index] = probability + 0.0;
  }

  @Override
  public void check(double[] truth, int rows) {
    if (Arrays.stream(truth, 0, rows).distinct().count() < 2) {
      throw ScoreReader.failed(
          "label " + label.name() + " has one value only: " + shown(new TreeMap<>(ids).firstKey()));
    }
  }

  @Override
  public Yardstick yardstick(List<ModelScores> scores) {
    List<String> names = new ArrayList<>();
    double[] numbers = new double[ids.size()];
    Map<String, String> parts = new TreeMap<>();
    for (Map.Entry<String, Integer> id : new TreeMap<>(ids).entrySet()) {
      String name = id.getKey();
      numbers[id.getValue()] = names.size();
      names.add(name);
      String other = parts.putIfAbsent(MetricNames.part(shown(name)), name);
      if (other != null) {
        throw ScoreReader.failed(
            "label "
                + label.name()
                + ": the metrics of the classes "
                + other
                + " and "
                + name
                + " would have one name; rename one of them in a step before");
      }
    }
    renumber(scores.get(0).truth(), numbers);
    scores.forEach(model -> renumber(model.outputs()[0], numbers));
    return new MultiClassYardstick(
        names.stream().map(name -> MetricNames.part(shown(name))).toList());
  }

  private static void renumber(double[] ids, double[] numbers) {
    Arrays.setAll(ids, i -> numbers[(int) ids[i]]);
  }

  /** A whole number without its fraction. */
  private String shown(String name) {
    return label.dataType() instanceof NumericType && name.endsWith(".0")
        ? name.substring(0, name.length() - 2)
        : name;
  }
}
