package io.mlpipeline.steps.train;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.MlColumns;
import io.mlpipeline.steps.train.TrainClassifier.ClassWeights;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A class to be predicted: text, boolean or number. Two classes if one is said to be the positive
 * one, or for booleans, or for 0 and 1; several otherwise.
 *
 * @param field its column
 * @param positive the value that counts as 1, as text; empty if nothing was said
 * @param weights whether rarer classes weigh more
 */
record ClassTarget(StructField field, String positive, ClassWeights weights) implements Target {

  /** More are no classes but numbers or keys. */
  static final int MOST_CLASSES = 100;

  /** Balanced weights are multiples of this part, so that sums of them are exact in any order. */
  private static final double GRAIN = 1024;

  static ClassTarget of(StructType schema, String label, String positive, ClassWeights weights) {
    StructField field = MlColumns.find(schema, "label", label);
    return new ClassTarget(field, positive(field, positive), weights);
  }

  private static String positive(StructField field, String positive) {
    if (field.dataType() instanceof BooleanType) {
      String value = positive.isEmpty() ? "true" : positive.toLowerCase(Locale.ROOT);
      if (value.equals("true") || value.equals("false")) {
        return value;
      }
      throw invalid(field, "is boolean, so positive cannot be '" + positive + "'");
    }
    if (field.dataType() instanceof NumericType) {
      try {
        return positive.isEmpty() ? "" : Double.toString(Double.parseDouble(positive));
      } catch (NumberFormatException e) {
        throw invalid(field, "is a number, so positive cannot be '" + positive + "'");
      }
    }
    if (!(field.dataType() instanceof StringType)) {
      throw invalid(
          field, "is " + field.dataType().simpleString() + "; it must be text, boolean, number");
    }
    return positive;
  }

  @Override
  public Column kept() {
    Column raw = MlColumns.named(field.name());
    return isNumber() ? MlColumns.number(raw).cast("string") : raw.cast("string");
  }

  private boolean isNumber() {
    return field.dataType() instanceof NumericType;
  }

  @Override
  public Counted count(Dataset<Row> rows) {
    SortedMap<String, Long> classes = new TreeMap<>();
    long unlabelled = 0;
    for (Row row : rows.groupBy(TrainingRows.LABEL).count().takeAsList(10 * MOST_CLASSES)) {
      if (row.isNullAt(0)) {
        unlabelled = row.getLong(1);
      } else {
        classes.put(row.getString(0), row.getLong(1));
      }
    }
    if (classes.isEmpty() && unlabelled == 0) {
      throw Target.noRows();
    }
    if (unlabelled > 0) {
      throw Target.unlabelled(field.name(), unlabelled);
    }
    return new Classes(this, order(classes), classes);
  }

  /** The values by their numbers: the positive one is 1 of two. */
  private List<String> order(SortedMap<String, Long> classes) {
    if (classes.size() < 2) {
      throw failed("has one value only: " + some(classes));
    }
    String one = positive.isEmpty() && classes.size() == 2 ? implied(classes) : positive;
    if (one.isEmpty()) {
      return several(classes);
    }
    if (classes.size() > 2) {
      throw failed(
          "has more than two values: "
              + some(classes)
              + "; with positive the rest would silently be taken as one. Take positive out to"
              + " learn them all");
    }
    if (!classes.containsKey(one)) {
      throw invalid(field, "is never '" + one + "'; its values are " + some(classes));
    }
    lonely(classes);
    return classes.keySet().stream().sorted(Comparator.comparing(one::equals)).toList();
  }

  private String implied(SortedMap<String, Long> classes) {
    if (isNumber()) {
      return "1.0";
    }
    throw invalid(field, "is text: say with positive which value counts as 1, of " + some(classes));
  }

  private List<String> several(SortedMap<String, Long> classes) {
    if (classes.size() > MOST_CLASSES) {
      throw failed(
          "has more than "
              + MOST_CLASSES
              + " different values, such as "
              + some(classes)
              + ": group them in a step before"
              + (isNumber() ? ", or use train-regressor" : ""));
    }
    lonely(classes);
    List<String> values = new ArrayList<>(classes.keySet());
    if (isNumber()) {
      values.sort(Comparator.comparingDouble(Double::parseDouble));
    }
    return List.copyOf(values);
  }

  /** A class of one row can be learned by heart, and never be measured. */
  private void lonely(SortedMap<String, Long> classes) {
    String lonely =
        classes.entrySet().stream()
            .filter(e -> e.getValue() == 1)
            .map(e -> "'" + e.getKey() + "'")
            .collect(Collectors.joining(", "));
    if (!lonely.isEmpty()) {
      throw failed(
          "is "
              + lonely
              + " in one row only, which teaches nothing: leave the row out or group the class"
              + " with another in a step before");
    }
  }

  private static String some(SortedMap<String, Long> classes) {
    return classes.keySet().stream().limit(5).collect(Collectors.joining(", "))
        + (classes.size() > 5 ? ", ..." : "");
  }

  private EngineException failed(String problem) {
    return new EngineException(ErrorType.STEP_FAILED, "label " + field.name() + " " + problem);
  }

  private static EngineException invalid(StructField field, String problem) {
    return new EngineException(ErrorType.CONFIG_INVALID, "label " + field.name() + " " + problem);
  }

  private record Classes(ClassTarget target, List<String> classes, SortedMap<String, Long> counts)
      implements Counted {

    private boolean isBinary() {
      return classes.size() == 2;
    }

    @Override
    public long rows() {
      return counts.values().stream().mapToLong(n -> n).sum();
    }

    @Override
    public String task() {
      return isBinary() ? "binary-classification" : "multiclass-classification";
    }

    @Override
    public Column number() {
      return byClass(i -> (double) i);
    }

    @Override
    public Column balance() {
      return target.weights() == ClassWeights.NONE
          ? lit(1.0)
          : byClass(i -> grained(1 / (classes.size() * share(classes.get(i)))));
    }

    private Column byClass(IntToDoubleFunction value) {
      Column number = lit(null).cast("double");
      for (int i = classes.size() - 1; i >= 0; i--) {
        number =
            when(Target.column().equalTo(lit(classes.get(i))), lit(value.applyAsDouble(i)))
                .otherwise(number);
      }
      return number;
    }

    private double share(String name) {
      return (double) counts.getOrDefault(name, 0L) / rows();
    }

    private static double grained(double weight) {
      return Math.max(1, Math.rint(weight * GRAIN)) / GRAIN;
    }

    @Override
    public SortedMap<String, Double> metrics() {
      SortedMap<String, Double> metrics = new TreeMap<>();
      metrics.put("classes", (double) classes.size());
      if (isBinary()) {
        metrics.put("positive_share", share(classes.get(1)));
      } else {
        classes.forEach(name -> metrics.put("class_share." + name, share(name)));
      }
      return metrics;
    }
  }
}
