package io.mlpipeline.steps.train;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.train.FeatureParams.Encode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.FeatureHasher;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.feature.IDF;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * From raw columns to one vector. Few stages, because each is saved and loaded by Spark jobs of its
 * own: one statement of SQL casts, fills, scales, takes by intervals and takes dates apart.
 */
final class FeatureStages {

  static final String FEATURES = "__features";

  private static final int MOST_CATEGORIES = 10_000;

  private final List<Transformer> stages = new ArrayList<>();
  private final List<String> constantColumns = new ArrayList<>();
  private final FeatureParams params;
  private final Learner learner;
  private final FeatureSql sql;

  private FeatureStages(FeatureParams params, Learner learner, FeatureSql sql) {
    this.params = params;
    this.learner = learner;
    this.sql = sql;
  }

  /** Learns from rows how to make vectors of such rows. */
  static FeatureStages fit(Dataset<Row> rows, FeatureParams params, Learner learner) {
    List<NumberFeature> features = NumberFeature.all(rows.schema(), params);
    List<NumberProfile> numbers = features.isEmpty() ? List.of() : NumberProfile.of(rows, features);
    boolean hot = isHot(params, learner);
    FeatureStages result = new FeatureStages(params, learner, new FeatureSql(params, numbers, hot));
    result.fit(rows, numbers, hot);
    return result;
  }

  private static boolean isHot(FeatureParams params, Learner learner) {
    return params.encode() == Encode.AUTO
        ? !learner.has(Learner.Trait.TREES)
        : params.encode() == Encode.ONE_HOT;
  }

  private void fit(Dataset<Row> rows, List<NumberProfile> numbers, boolean hot) {
    checkCounts(numbers);
    numbers.stream()
        .filter(NumberProfile::isConstant)
        .forEach(number -> constantColumns.add(number.feature().name()));
    List<String> inputs = new ArrayList<>(sql.numbers());
    Dataset<Row> made = add(new SQLTransformer("fill").setStatement(sql.statement()), rows);
    if (!sql.categories().isEmpty()) {
      List<String> indexes = FeatureSql.names("__index", sql.categoryNames());
      StringIndexerModel index = index(made, indexes);
      made = add(index, made);
      note(index, hot);
      inputs.addAll(hot ? FeatureSql.names("__hot", sql.categoryNames()) : indexes);
      made = hot ? add(encoder(indexes).fit(made), made) : made;
    }
    if (!sql.hashed().isEmpty()) {
      inputs.add("__hashed");
      made = add(hasher(), made);
    }
    for (int i = 0; i < sql.words().size(); i++) {
      inputs.add("__text" + i);
      made = words(made, i);
    }
    add(
        new VectorAssembler("assemble")
            .setInputCols(inputs.toArray(String[]::new))
            .setOutputCol(FEATURES)
            .setHandleInvalid("error"),
        made);
  }

  private Dataset<Row> add(Transformer stage, Dataset<Row> rows) {
    stages.add(stage);
    return stage.transform(rows);
  }

  /** Features with one value, which teach nothing. */
  List<String> constantColumns() {
    return List.copyOf(constantColumns);
  }

  /** The rows with the vector. */
  Dataset<Row> transform(Dataset<Row> rows) {
    Dataset<Row> result = rows;
    for (Transformer stage : stages) {
      result = stage.transform(result);
    }
    return result;
  }

  /** These stages and what comes after them, as one model over the raw columns. */
  PipelineModel with(List<Transformer> more, Dataset<Row> raw) {
    PipelineStage[] all =
        Stream.concat(stages.stream(), more.stream()).toArray(PipelineStage[]::new);
    return new Pipeline("pipeline").setStages(all).fit(raw);
  }

  private StringIndexerModel index(Dataset<Row> filled, List<String> outputs) {
    return new StringIndexer("index")
        .setInputCols(sql.categories().toArray(String[]::new))
        .setOutputCols(outputs.toArray(String[]::new))
        .setStringOrderType("alphabetAsc")
        .setHandleInvalid(params.handleInvalid().name().toLowerCase(Locale.ROOT))
        .fit(filled);
  }

  private void note(StringIndexerModel index, boolean hot) {
    for (int i = 0; i < params.categorical().size(); i++) {
      String column = params.categorical().get(i);
      String[] labels = index.labelsArray()[i];
      check(column, labels, hot);
      if (labels.length == 1) {
        constantColumns.add(column);
      }
    }
  }

  private void check(String column, String[] labels, boolean hot) {
    String what = "categorical column " + column + " has ";
    if (labels.length == 1 && labels[0].equals(FeatureSql.MISSING)) {
      throw failed(what + "no value in any row: take it out");
    }
    if (labels.length > MOST_CATEGORIES) {
      throw failed(
          what
              + labels.length
              + " different values; is it a key? Group them in a step before, or name it under"
              + " hashed");
    }
    if (hot || !learner.has(Learner.Trait.TREES)) {
      return;
    }
    int bins = Integer.parseInt(learner.value("maxBins"));
    if (labels.length + 1 > bins) {
      throw failed(
          what
              + labels.length
              + " different values and one for unknown ones, but max-bins is "
              + bins
              + ": raise max-bins, name it under hashed, or group them in a step before");
    }
  }

  private OneHotEncoder encoder(List<String> indexes) {
    return new OneHotEncoder("encode")
        .setInputCols(indexes.toArray(String[]::new))
        .setOutputCols(FeatureSql.names("__hot", sql.categoryNames()).toArray(String[]::new));
  }

  private FeatureHasher hasher() {
    return new FeatureHasher("hash")
        .setInputCols(sql.hashed().toArray(String[]::new))
        .setOutputCol("__hashed")
        .setNumFeatures(params.hashSize());
  }

  private Dataset<Row> words(Dataset<Row> rows, int i) {
    HashingTF counts =
        new HashingTF("words" + i)
            .setInputCol(sql.words().get(i))
            .setOutputCol("__counts" + i)
            .setNumFeatures(params.textSize());
    Dataset<Row> counted = add(counts, rows);
    IDF rarity = new IDF("rarity" + i).setInputCol("__counts" + i).setOutputCol("__text" + i);
    return add(rarity.fit(counted), counted);
  }

  /** Refuses numbers below zero where they are taken as counts. */
  private void checkCounts(List<NumberProfile> numbers) {
    boolean gaussian = learner.written("model-type").contains("gaussian");
    if (!learner.has(Learner.Trait.COUNTS) || gaussian) {
      return;
    }
    for (NumberProfile number : numbers) {
      double least = number.least(params.scale());
      if (least < 0) {
        throw failed(
            "numeric column "
                + number.feature().name()
                + " goes down to "
                + least
                + ", but "
                + learner.name()
                + " takes counts: write scale: min-max, take it by buckets, or choose learner"
                + " { model-type: gaussian }");
      }
    }
  }

  private static EngineException failed(String message) {
    return new EngineException(ErrorType.STEP_FAILED, message);
  }
}
