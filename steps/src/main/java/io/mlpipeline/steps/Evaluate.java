package io.mlpipeline.steps;

import io.mlpipeline.model.OutputKind;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import io.mlpipeline.steps.evaluate.PairedBootstrap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Measures any number of models on held-out rows, on all of them and on slices: the evidence on
 * which models are chosen and promoted.
 *
 * <p>The table {@code metrics} has a row for each model, slice ({@code all}, {@code plan=basic})
 * and metric: {@code model, slice, metric, value, rows} (on how many rows it stands), {@code
 * digest} (the model's, so that evidence belongs to exactly one content), {@code holdout} (the
 * identity of the rows that were measured on), {@code small} (the slice has fewer rows than {@code
 * min-slice-rows}, and therefore only counts). The values also go to the step's metrics, as {@code
 * <model>.auc_roc} and {@code <model>.auc_roc[plan=basic]}. A metric that is not defined, such as
 * an AUC of one class, has no row; none is NaN or infinite. What each metric is says {@code
 * docs/metrics.md}.
 *
 * <p>The model at the port {@code champion}, if there is one, is called {@code champion} in the
 * table. It is scored on the same rows in the same pass, and every other model gets its gain over
 * it with bounds ({@code auc_roc_gain}, {@code auc_roc_gain_low}, {@code auc_roc_gain_high}), from
 * a {@link PairedBootstrap}.
 *
 * <p>Values do not depend on the order or partitions of the rows. All models score the rows in one
 * pass; the scores are measured in the driver, some 8 bytes for each row and number, up to 10
 * million rows. With {@code latency: true} times are measured too, which are the one thing that
 * differs from run to run.
 *
 * <p>Refused: no rows, labels that are null or all equal, models of different tasks, a model that
 * does not give what its task needs, and one that needs columns which the rows do not have.
 */
@StepType(
    value = "evaluate",
    inputs = {
      @Port("rows"),
      @Port(value = Evaluate.CHAMPION, kind = OutputKind.MODEL, optional = true),
      @Port(value = "*", kind = OutputKind.MODEL)
    },
    outputs = @Port("metrics"))
public final class Evaluate implements Step<Evaluate.Params> {

  static final String ALL = "all";
  static final String CHAMPION = "champion";

  /** What the models are for. */
  public enum Task {
    /** What all models are made for; refused where that is unclear. */
    AUTO,
    BINARY_CLASSIFICATION,
    MULTICLASS_CLASSIFICATION,
    REGRESSION,
    RECOMMENDATION,
    CLUSTERING
  }

  /**
   * How to measure.
   *
   * @param label the column that holds the truth; left out for a clustering only
   * @param task what the models are for
   * @param positive of two classes the value that counts as 1; may be left out for booleans and for
   *     0 and 1
   * @param slices columns; each of their values is measured on its own too
   * @param protectedColumns columns by which people must not be treated differently: slices, and
   *     the gaps between their values; for two classes only
   * @param minSliceRows slices of fewer rows get no metrics and are no group of a gap
   * @param threshold of two classes: a probability above it counts as a yes
   * @param bootstrap how many resamples bound the gains over the champion; 0 for no gains
   * @param confidence how sure those bounds are meant to be
   * @param seed what resamples are drawn by
   * @param k how many places of a recommendation count
   * @param top of two classes: how many of the rows with the highest scores are looked at by
   *     themselves, as numbers of rows ({@code 100}) or shares of them ({@code 5%})
   * @param latency whether to measure how long scoring takes
   */
  public record Params(
      @Default("") String label,
      @Default("auto") Task task,
      @Default("") String positive,
      @Default("") List<String> slices,
      @Default("") List<String> protectedColumns,
      @Default("30") long minSliceRows,
      @Default("0.5") double threshold,
      @Default("1000") int bootstrap,
      @Default("0.95") double confidence,
      @Default("42") long seed,
      @Default("10") int k,
      @Default("") List<String> top,
      @Default("false") boolean latency) {

    public Params {
      slices = List.copyOf(slices);
      protectedColumns = List.copyOf(protectedColumns);
      top = List.copyOf(top);
    }

    /** All columns that slice, each once. */
    List<String> sliceColumns() {
      return Stream.concat(slices.stream(), protectedColumns.stream()).distinct().toList();
    }
  }

  @Override
  public StepOutput run(StepContext context, Params params) {
    EvaluateChecks.check(params);
    EvaluateChecks.check(context.input("rows").schema(), params);
    List<EvaluatedModel> models = EvaluatedModel.all(context);
    Task task = ModelTasks.of(models, params);
    EvaluateChecks.check(task, params);
    Scores scores = Scores.collect(context, models, task, params);
    Evidence evidence = new Evidence(context.inputIdentity("rows"));
    for (EvaluatedModel model : models) {
      new ModelMeasures(context, scores, model, params).addTo(evidence);
    }
    addGains(scores, models, params, evidence);
    if (params.latency()) {
      models.forEach(model -> evidence.add(model, ScoringLatency.measure(context, model)));
    }
    return evidence.output(context.spark());
  }

  private static void addGains(
      Scores scores, List<EvaluatedModel> models, Params params, Evidence evidence) {
    Optional<EvaluatedModel> champion =
        models.stream().filter(EvaluatedModel::isChampion).findFirst();
    if (champion.isEmpty()) {
      return;
    }
    PairedBootstrap bootstrap =
        new PairedBootstrap(params.bootstrap(), params.confidence(), params.seed());
    for (EvaluatedModel model : models) {
      if (!model.isChampion()) {
        SortedMap<String, Double> gains =
            bootstrap.gains(scores.yardstick(), scores.of(model), scores.of(champion.get()));
        evidence.add(model, new Measured(ALL, scores.rows(), false, gains));
      }
    }
  }
}
