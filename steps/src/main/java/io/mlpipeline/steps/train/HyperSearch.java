package io.mlpipeline.steps.train;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.pmod;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.steps.MlColumns;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Fits a learner with each of several settings to a part of the rows and measures it on the rest.
 * Features are prepared anew from each part, so that rows that judge have taught nothing.
 *
 * <p>Parts depend on keys alone, settings on the seed, and measures on the order of rows, which is
 * laid out by content: a search gives the same on any number of cores, side by side or not.
 */
final class HyperSearch {

  private final StepContext context;
  private final LearnerRows vectors;
  private final Learner learner;
  private final List<SortedMap<String, String>> points;

  private HyperSearch(
      StepContext context,
      LearnerRows vectors,
      Learner learner,
      List<SortedMap<String, String>> points) {
    this.context = context;
    this.vectors = vectors;
    this.learner = learner;
    this.points = points;
  }

  /** Tries all settings. */
  static Trials run(StepContext context, TrainingRows rows, LearnerRows vectors, Learner learner) {
    SupervisedParams params = vectors.params();
    List<SortedMap<String, String>> points =
        SearchSpace.points(params, learner.settings(), params.seed());
    HyperSearch search = new HyperSearch(context, vectors, learner, points);
    List<List<SortedMap<String, Double>>> parts = new ArrayList<>();
    for (Column judges : judges(rows, params)) {
      parts.add(search.part(rows.where(judges.equalTo(false)), rows.where(judges)));
    }
    return Trials.of(points, parts, metric(params, vectors.target()));
  }

  /** The metric that decides. */
  static String metric(SearchParams params, Target.Counted target) {
    List<String> known = TrialScore.names(target.task());
    if (params.metric().equals("auto")) {
      return known.get(0);
    }
    if (!known.contains(params.metric())) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "metric is "
              + params.metric()
              + "; a "
              + target.task()
              + " can be searched by "
              + String.join(", ", known));
    }
    return params.metric();
  }

  private static List<Column> judges(TrainingRows rows, SearchParams params) {
    List<Column> judges = new ArrayList<>();
    if (!params.timeColumn().isEmpty()) {
      return List.of(latest(rows, params));
    }
    Column fold = pmod(MlColumns.named(TrainingRows.FOLD), lit((long) params.folds()));
    for (int i = 0; i < params.folds(); i++) {
      judges.add(fold.equalTo(lit((long) i)));
    }
    return List.copyOf(judges);
  }

  private static Column latest(TrainingRows rows, SearchParams params) {
    Column time = MlColumns.named(TrainingRows.TIME);
    Column number = time.cast("timestamp").cast("double");
    if (rows.rows().where(number.isNull()).limit(1).count() > 0) {
      throw new EngineException(
          ErrorType.STEP_FAILED,
          "time-column " + params.timeColumn() + " is null in some rows: leave them out before");
    }
    double from =
        rows.rows().agg(percentile(number, lit(1 - params.validationShare()))).head().getDouble(0);
    return number.geq(lit(from));
  }

  private List<SortedMap<String, Double>> part(TrainingRows teach, TrainingRows judge) {
    requireRows(teach, "to learn from");
    requireRows(judge, "to judge by");
    FeatureStages features = FeatureStages.fit(teach.rows(), vectors.params(), learner);
    Dataset<Row> taught = kept(vectors.of(teach, features, learner));
    Dataset<Row> judged = kept(judge.gathered(vectors.of(judge, features, learner)));
    try {
      return sideBySide(taught, judged);
    } finally {
      taught.unpersist();
      judged.unpersist();
    }
  }

  private static Dataset<Row> kept(Dataset<Row> rows) {
    return rows.persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static void requireRows(TrainingRows rows, String what) {
    if (rows.rows().limit(1).count() == 0) {
      throw new EngineException(
          ErrorType.STEP_FAILED,
          "a part of the search has no row " + what + ": use fewer folds, or another share");
    }
  }

  private List<SortedMap<String, Double>> sideBySide(Dataset<Row> taught, Dataset<Row> judged) {
    SparkSession session = context.spark();
    // Threads of its own for each part: Spark hands the step's properties down to new threads.
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.min(points.size(), vectors.params().parallelism()));
    try {
      List<Future<SortedMap<String, Double>>> running = new ArrayList<>();
      for (SortedMap<String, String> point : points) {
        running.add(
            threads.submit(
                () -> {
                  SparkSession.setActiveSession(session);
                  return trial(taught, judged, point);
                }));
      }
      List<SortedMap<String, Double>> measured = new ArrayList<>();
      for (Future<SortedMap<String, Double>> trial : running) {
        measured.add(trial.get());
      }
      return measured;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorType.CANCELLED, "the search was interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new EngineException(ErrorType.STEP_FAILED, "a trial failed: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  private SortedMap<String, Double> trial(
      Dataset<Row> taught, Dataset<Row> judged, SortedMap<String, String> point) {
    Model<?> model = vectors.fit(taught, learner.with(Trials.lists(point)));
    Dataset<Row> scored = model.transform(judged);
    int classes = vectors.target().classes().size();
    List<Column> columns =
        new ArrayList<>(List.of(MlColumns.named(LearnerRows.LABEL), MlColumns.named("prediction")));
    if (classes > 0) {
      columns.add(vector_to_array(MlColumns.named("probability"), "float64"));
    }
    Iterator<Row> rows = scored.select(columns.toArray(Column[]::new)).toLocalIterator();
    return TrialScore.of(rows, classes);
  }
}
