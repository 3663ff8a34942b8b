package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Names;
import io.mlpipeline.steps.Evaluate.Params;
import io.mlpipeline.steps.Evaluate.Task;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.ClassificationModel;
import org.apache.spark.ml.classification.OneVsRestModel;
import org.apache.spark.ml.clustering.BisectingKMeansModel;
import org.apache.spark.ml.clustering.GaussianMixtureModel;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.ml.regression.IsotonicRegressionModel;
import org.apache.spark.ml.regression.RegressionModel;

/** What models are made for, by the stage of theirs that predicts. */
final class ModelTasks {

  private ModelTasks() {}

  /** The task that the params name, or that all models are made for. */
  static Task of(Iterable<EvaluatedModel> models, Params params) {
    if (params.task() != Task.AUTO) {
      return params.task();
    }
    Map<String, Task> tasks = new TreeMap<>();
    for (EvaluatedModel model : models) {
      tasks.put(model.described(), of(model, params));
    }
    TreeSet<Task> different = new TreeSet<>(tasks.values());
    if (different.size() > 1) {
      Map<String, String> named = new TreeMap<>();
      tasks.forEach((model, task) -> named.put(model, Names.kebab(task.name())));
      throw invalid("models of different tasks cannot be measured together: " + named);
    }
    return different.first();
  }

  private static Task of(EvaluatedModel model, Params params) {
    Optional<Task> task = predictor(model.model()).flatMap(ModelTasks::taskOf);
    if (task.isEmpty() && !params.positive().isEmpty()) {
      return Task.BINARY_CLASSIFICATION;
    }
    return task.orElseThrow(
        () ->
            invalid(
                "what model "
                    + model.described()
                    + " is for cannot be told from its stages: say task: binary-classification,"
                    + " multiclass-classification, regression, recommendation or clustering"));
  }

  /** The last stage that predicts something; empty if we know none. */
  static Optional<Transformer> predictor(Transformer model) {
    if (model instanceof PipelineModel pipeline) {
      Transformer[] stages = pipeline.stages();
      for (int i = stages.length - 1; i >= 0; i--) {
        Optional<Transformer> found = predictor(stages[i]);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    return taskOf(model).map(task -> model);
  }

  private static Optional<Task> taskOf(Transformer stage) {
    if (stage instanceof ClassificationModel<?, ?> model) {
      return Optional.of(
          model.numClasses() == 2 ? Task.BINARY_CLASSIFICATION : Task.MULTICLASS_CLASSIFICATION);
    }
    if (stage instanceof OneVsRestModel) {
      return Optional.of(Task.MULTICLASS_CLASSIFICATION);
    }
    if (stage instanceof RegressionModel<?, ?> || stage instanceof IsotonicRegressionModel) {
      return Optional.of(Task.REGRESSION);
    }
    if (stage instanceof ALSModel) {
      return Optional.of(Task.RECOMMENDATION);
    }
    return isOfClusters(stage) ? Optional.of(Task.CLUSTERING) : Optional.empty();
  }

  static boolean isOfClusters(Transformer stage) {
    return stage instanceof KMeansModel
        || stage instanceof BisectingKMeansModel
        || stage instanceof GaussianMixtureModel;
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, message);
  }
}
