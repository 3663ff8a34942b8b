package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.col;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.step.BoundModel;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Registration;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Makes a model a version of the registered model that its output names, with what {@code evaluate}
 * measured of it.
 *
 * <p>Of the table {@code metrics} those rows count that were measured of exactly this content, by
 * its digest, and those of the champion beside it. A content that is a version already stays that
 * version; new measurements are kept beside the old ones. Without {@code metrics} the version is
 * registered and cannot be promoted. Refused: metrics that hold nothing of this model, or of two
 * holdouts.
 */
@StepType(
    value = "register",
    inputs = {
      @Port(value = "model", kind = OutputKind.MODEL),
      @Port(value = "metrics", optional = true)
    },
    outputs = @Port(value = "version", kind = OutputKind.REGISTRATION))
public final class Register implements Step<Register.Params> {

  private static final String CHAMPION = "champion";
  private static final List<String> COLUMNS =
      List.of("model", "slice", "metric", "value", "rows", "digest", "holdout", "small");

  /** There is nothing to say. */
  public record Params() {}

  @Override
  public StepOutput run(StepContext context, Params params) {
    BoundModel model = context.boundModel("model");
    Dataset<Row> metrics = context.inputs().get("metrics");
    Evidence evidence = metrics == null ? null : evidence(metrics, model);
    if (evidence == null) {
      context.log().warn("{} is registered without evidence: nothing can promote it", model.name());
    }
    return StepOutput.registration("version", new Registration("model", evidence));
  }

  private static Evidence evidence(Dataset<Row> metrics, BoundModel model) {
    for (String column : COLUMNS) {
      if (!Arrays.asList(metrics.columns()).contains(column)) {
        throw failed(
            "input metrics has no column " + column + ": bind what a step evaluate published");
      }
    }
    List<Row> rows =
        metrics
            .select(
                COLUMNS.stream().map(name -> col(name)).toArray(org.apache.spark.sql.Column[]::new))
            .orderBy(
                COLUMNS.stream().map(name -> col(name)).toArray(org.apache.spark.sql.Column[]::new))
            .collectAsList();
    List<Evidence.Measured> measured = new ArrayList<>();
    TreeSet<String> holdouts = new TreeSet<>();
    String champion = null;
    for (Row row : rows) {
      boolean isChampion = CHAMPION.equals(row.getString(0));
      if (isChampion || model.digest().equals(row.getString(5))) {
        champion = isChampion ? row.getString(5) : champion;
        holdouts.add(row.getString(6));
        measured.add(measured(row, isChampion));
      }
    }
    check(measured, holdouts, model);
    return new Evidence(model.digest(), champion, holdouts.first(), measured);
  }

  private static Evidence.Measured measured(Row row, boolean isChampion) {
    return new Evidence.Measured(
        isChampion ? Evidence.Subject.CHAMPION : Evidence.Subject.CANDIDATE,
        row.getString(1),
        row.getString(2),
        row.getDouble(3),
        row.getLong(4),
        row.getBoolean(7));
  }

  private static void check(
      List<Evidence.Measured> measured, Set<String> holdouts, BoundModel model) {
    if (measured.stream().noneMatch(one -> one.subject() == Evidence.Subject.CANDIDATE)) {
      throw failed(
          "input metrics holds nothing of "
              + model.name()
              + " ("
              + model.digest()
              + "): evaluate that model, or bind the metrics of the step that did");
    }
    if (holdouts.size() > 1) {
      throw failed("input metrics holds measurements on " + holdouts.size() + " holdouts");
    }
  }

  private static EngineException failed(String message) {
    return new EngineException(ErrorType.STEP_FAILED, message);
  }
}
