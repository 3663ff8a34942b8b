package io.mlpipeline.steps.train;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.MlColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * From rows with a label to a model: look at the rows, search if wanted, learn from all of them.
 */
final class Supervised {

  static final String PREDICTED_LABEL = "predicted_label";

  private final StepContext context;
  private final SupervisedParams params;
  private final Target target;
  private final boolean balanced;
  private final SortedMap<String, Double> metrics = new TreeMap<>();

  private Supervised(
      StepContext context, SupervisedParams params, Target target, boolean balanced) {
    this.context = context;
    this.params = params;
    this.target = target;
    this.balanced = balanced;
  }

  /** Trains a number. */
  static StepOutput train(StepContext context, SupervisedParams params, Learner learner) {
    ParamsCheck.check(params, learner);
    Dataset<Row> input = context.input("rows");
    Target target = NumberTarget.of(input.schema(), params.label());
    return new Supervised(context, params, target, false).train(input, learner);
  }

  /** Trains classes. */
  static StepOutput train(StepContext context, TrainClassifier.Params params, Learner learner) {
    ParamsCheck.check(params, learner);
    boolean balanced = params.classWeights() == TrainClassifier.ClassWeights.BALANCED;
    if (balanced && !learner.takesWeights()) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "class-weights means nothing to " + learner.name() + ": take it out");
    }
    Dataset<Row> input = context.input("rows");
    Target target =
        ClassTarget.of(input.schema(), params.label(), params.positive(), params.classWeights());
    return new Supervised(context, params, target, balanced).train(input, learner);
  }

  private StepOutput train(Dataset<Row> input, Learner learner) {
    FeatureColumns.check(input.schema(), params);
    try (TrainingRows rows = TrainingRows.prepare(input, wanted(input.schema(), learner))) {
      Target.Counted counted = target.count(rows.rows());
      checkClasses(counted, learner);
      metrics.put("training_rows", (double) counted.rows());
      metrics.putAll(counted.metrics());
      checkLeakage(rows, counted);
      LearnerRows vectors =
          new LearnerRows(counted, params, balanced || !params.weightColumn().isEmpty());
      Trials trials =
          params.search().isEmpty() ? null : HyperSearch.run(context, rows, vectors, learner);
      Learner chosen = trials == null ? learner : learner.with(trials.bestSettings());
      return output(rows, vectors, chosen, trials, input);
    }
  }

  private TrainingRows.Wanted wanted(StructType schema, Learner learner) {
    String time = params.timeColumn();
    if (!time.isEmpty()) {
      MlColumns.requireTime(schema, "time-column", time);
    }
    return new TrainingRows.Wanted(
        FeatureColumns.raw(params),
        target.kept(),
        params.weightColumn(),
        time,
        params.key(),
        params.seed(),
        learner.name() + params);
  }

  private void checkClasses(Target.Counted counted, Learner learner) {
    if (learner.has(Learner.Trait.TWO_CLASSES) && counted.classes().size() > 2) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          learner.name()
              + " knows two classes, but label "
              + target.field().name()
              + " has "
              + counted.classes().size()
              + ": use random-forest, logistic-regression, naive-bayes or decision-tree");
    }
    if (!params.search().isEmpty()) {
      HyperSearch.metric(params, counted);
    }
  }

  private void checkLeakage(TrainingRows rows, Target.Counted counted) {
    if (params.leakage() == SupervisedParams.LeakageCheck.OFF) {
      return;
    }
    LeakRows some = LeakRows.collect(rows, counted, params);
    List<Leakage.Leak> leaks = Leakage.find(some, target.field().name(), counted.classes().size());
    leaks.forEach(
        leak -> metrics.put("leakage." + String.join("+", leak.features()), leak.figure()));
    if (leaks.isEmpty()) {
      return;
    }
    String found = leaks.stream().map(Leakage.Leak::shown).collect(Collectors.joining("; "));
    String message =
        "leakage: label "
            + target.field().name()
            + " is given away by "
            + found
            + ", measured on "
            + some.size()
            + " training rows";
    if (params.leakage() == SupervisedParams.LeakageCheck.WARN) {
      context.log().warn("{}", message);
      return;
    }
    throw new EngineException(
        ErrorType.STEP_FAILED,
        message
            + ". Take out what is not known before the label is; if all of it is, say leakage:"
            + " warn");
  }

  private StepOutput output(
      TrainingRows rows,
      LearnerRows vectors,
      Learner learner,
      @Nullable Trials trials,
      Dataset<Row> input) {
    FeatureStages features = FeatureStages.fit(rows.rows(), params, learner);
    Dataset<Row> taught =
        vectors.of(rows, features, learner).persist(StorageLevel.MEMORY_AND_DISK());
    Model<?> fitted;
    try {
      fitted = vectors.fit(taught, learner);
      metrics.putAll(ModelFacts.of(fitted));
    } finally {
      taught.unpersist();
    }
    metrics.put("constant_features", (double) features.constantColumns().size());
    if (!features.constantColumns().isEmpty()) {
      context.log().warn("columns with one value teach nothing: {}", features.constantColumns());
    }
    List<Transformer> after = new ArrayList<>(List.of(fitted));
    if (vectors.target().classes().size() > 2) {
      after.add(named(vectors.target().classes()));
    }
    PipelineModel model = features.with(after, rows.rows().limit(0));
    StepOutput output =
        StepOutput.model("model", model)
            .withSignature("model", signature(model, vectors.target(), input.schema()));
    return withTrials(output, trials);
  }

  private StepOutput withTrials(StepOutput output, @Nullable Trials trials) {
    StepOutput all = output;
    if (trials != null) {
      metrics.putAll(trials.metrics(params.search()));
      context
          .log()
          .info(
              "trial {} is the best of {} by {}: {}",
              trials.best() + 1,
              trials.points().size(),
              trials.metric(),
              trials.points().get(trials.best()));
    }
    if (context.output("trials").isPresent()) {
      if (trials == null) {
        throw new EngineException(
            ErrorType.CONFIG_INVALID,
            "output 'trials' is bound, but search names no param to search for");
      }
      all = all.withTable("trials", trials.table(context.spark()));
    }
    for (Map.Entry<String, Double> metric : metrics.entrySet()) {
      all = all.withMetric(metric.getKey(), metric.getValue());
    }
    return all;
  }

  /** Of several classes a number says little: the class by its own name comes beside it. */
  private static Transformer named(List<String> classes) {
    String names =
        classes.stream()
            .map(name -> "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'")
            .collect(Collectors.joining(", "));
    return new SQLTransformer("name")
        .setStatement(
            "SELECT *, element_at(array("
                + names
                + "), cast(prediction AS int) + 1) AS "
                + PREDICTED_LABEL
                + " FROM __THIS__");
  }

  private ModelSignature signature(PipelineModel model, Target.Counted counted, StructType schema) {
    List<ModelSignature.Field> inputs = FeatureColumns.fields(schema, params);
    return new ModelSignature(
        counted.task(),
        inputs,
        new ModelSignature.Field(target.field().name(), target.field().dataType().simpleString()),
        FeatureColumns.made(model, schema, params));
  }
}
