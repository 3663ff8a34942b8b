package io.mlpipeline.steps.train;

import static org.apache.spark.sql.functions.lit;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.MlColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows as learners of a label see them: {@code __y}, {@code __w}, the vector, and whether a row
 * only says when to stop.
 *
 * @param target the label
 * @param params what to learn from
 * @param weighted whether rows count differently
 */
record LearnerRows(Target.Counted target, SupervisedParams params, boolean weighted) {

  static final String LABEL = "__y";
  private static final String WEIGHT = "__w";
  private static final String STOPS = "__stops";

  /** The vectors of rows, in the order in which a learner must see them. */
  Dataset<Row> of(TrainingRows rows, FeatureStages features, Learner learner) {
    List<Column> columns = new ArrayList<>();
    columns.add(target.number().as(LABEL));
    columns.add(MlColumns.named(TrainingRows.WEIGHT).multiply(target.balance()).as(WEIGHT));
    columns.add(MlColumns.named(FeatureStages.FEATURES));
    columns.add(stops().as(STOPS));
    Dataset<Row> vectors = features.transform(rows.rows()).select(columns.toArray(Column[]::new));
    boolean wholeNumbers =
        learner.has(Learner.Trait.WHOLE_NUMBERS) && params.weightColumn().isEmpty();
    return rows.forLearner(vectors, wholeNumbers);
  }

  private Column stops() {
    long parts = Math.round(params.earlyStopping() * TrainingRows.HASH_PARTS);
    return MlColumns.named(TrainingRows.STOP).lt(lit(parts));
  }

  /** Fits a learner to {@link #of vectors}. */
  Model<?> fit(Dataset<Row> vectors, Learner learner) {
    if (learner.has(Learner.Trait.LAYERS)) {
      checkLayers(vectors, learner);
    }
    Map<String, Object> columns = new TreeMap<>();
    columns.put("featuresCol", FeatureStages.FEATURES);
    columns.put("labelCol", LABEL);
    if (weighted) {
      columns.put("weightCol", WEIGHT);
    }
    if (params.earlyStopping() > 0) {
      checkStops(vectors);
      columns.put("validationIndicatorCol", STOPS);
    }
    return learner.fit(vectors, columns, params.seed());
  }

  private void checkStops(Dataset<Row> vectors) {
    long stops = vectors.where(MlColumns.named(STOPS)).limit(1).count();
    long teach = vectors.where(MlColumns.named(STOPS).equalTo(false)).limit(1).count();
    if (stops == 0 || teach == 0) {
      throw new EngineException(
          ErrorType.STEP_FAILED,
          "early-stopping "
              + params.earlyStopping()
              + " leaves no row "
              + (stops == 0 ? "to stop by" : "to learn from")
              + ": there are too few keys");
    }
  }

  /** MLlib fails in its tasks, by an index out of bounds. */
  private void checkLayers(Dataset<Row> vectors, Learner learner) {
    int features = ((Vector) vectors.select(FeatureStages.FEATURES).head().get(0)).size();
    int classes = target.classes().size();
    List<String> layers =
        learner.written("layers").stream()
            .flatMap(text -> List.of(text.strip().split("[\\s,]+", -1)).stream())
            .toList();
    boolean fits =
        layers.size() >= 2
            && layers.get(0).equals(String.valueOf(features))
            && layers.get(layers.size() - 1).equals(String.valueOf(classes));
    if (!fits) {
      List<String> inner = layers.size() > 2 ? layers.subList(1, layers.size() - 1) : List.of("10");
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "learner.layers "
              + (layers.isEmpty() ? "is missing" : "is " + layers)
              + ", but there are "
              + features
              + " features and "
              + classes
              + " classes: write layers: ["
              + features
              + ", "
              + String.join(", ", inner)
              + ", "
              + classes
              + "]");
    }
  }
}
