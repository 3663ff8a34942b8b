package io.mlpipeline.steps.score;

import static org.apache.spark.sql.functions.not;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Scores rows by a model: batch inference.
 *
 * <p>The table {@code scores} has the key columns, those of {@code keep}, {@code prediction}
 * (double: the predicted number, or the index of the class), {@code predicted_label} (text, of more
 * than two classes), {@code probability} (double: of the positive one of two classes, else of the
 * predicted one; absent where the model gives none), {@code model} ({@code churn@1.4.0}), {@code
 * served_by} ({@code champion} or {@code challenger}), {@code features} (the version of the rows)
 * and {@code _run}, which is no part of the content.
 *
 * <p>With {@code mode: canary} the challenger serves a share of the keys by their hash; with {@code
 * mode: shadow} it serves nobody and is only compared. As long as no challenger is bound, both are
 * as {@code champion}. The table {@code comparison} has one row: see {@link Compared}.
 *
 * <p>Before anything is scored the rows are held against the model: columns and types against its
 * signature, the code that made them against the code that made its training rows, and their
 * distributions against those of the training rows. {@code skew} says what happens then.
 *
 * <p>Deterministic in rows and params. Refused: a share that is none, a column that the model needs
 * and the rows lack. That keys are there and unique is for the output's {@code keys} to say.
 */
@StepType(
    value = "score",
    inputs = {
      @Port("rows"),
      @Port(value = "model", kind = OutputKind.MODEL),
      @Port(value = "challenger", kind = OutputKind.MODEL, optional = true)
    },
    outputs = {@Port("scores"), @Port(value = "comparison", optional = true)})
public final class Score implements Step<Score.Params> {

  static final String CHAMPION = "champion";
  static final String CHALLENGER = "challenger";

  /** Who serves. */
  public enum Mode {
    CHAMPION,
    CANARY,
    SHADOW
  }

  /** What happens to rows that are not as those that the model learned from. */
  public enum Skew {
    REFUSE,
    WARN,
    OFF
  }

  /**
   * How to score.
   *
   * @param key the columns that name a row
   * @param keep further columns of the rows that go into the scores
   * @param mode who serves
   * @param canary the share of the keys that the challenger serves in a canary
   * @param seed another seed is another share
   * @param skew what happens to rows that are not as those that the model learned from
   * @param maxSkew how far a column's distribution may be from that of the training rows, as
   *     population stability index
   * @param maxSkews the same for single columns
   */
  public record Params(
      List<String> key,
      @Default("") List<String> keep,
      @Default("champion") Mode mode,
      @Default("10%") String canary,
      @Default("42") long seed,
      @Default("refuse") Skew skew,
      @Default("0.25") double maxSkew,
      @Default("") Map<String, String> maxSkews) {

    public Params {
      key = List.copyOf(key);
      keep = List.copyOf(keep);
      maxSkews = Map.copyOf(maxSkews);
    }
  }

  @Override
  public StepOutput run(StepContext context, Params params) {
    Share share = Share.parse("canary", params.canary());
    Dataset<Row> rows = context.input("rows");
    ScoredRows champion = ScoredRows.of(context, params, "model", CHAMPION);
    SkewCheck skew = new SkewCheck(context, params);
    skew.check("model");
    boolean challenged = params.mode() != Mode.CHAMPION && context.models().containsKey(CHALLENGER);
    if (params.mode() != Mode.CHAMPION && !challenged) {
      context.log().info("no challenger is there: the champion serves all");
    }
    if (!challenged) {
      return withComparison(
          context, StepOutput.table("scores", champion.scores(rows)), Compared.alone(champion));
    }
    ScoredRows challenger = ScoredRows.of(context, params, CHALLENGER, CHALLENGER);
    skew.check(CHALLENGER);
    Column isCanary = share.holds(champion.keys(), params.seed());
    boolean canary = params.mode() == Mode.CANARY;
    Dataset<Row> scores =
        canary
            ? champion
                .scores(rows.where(not(isCanary)))
                .unionByName(challenger.scores(rows.where(isCanary)), true)
            : champion.scores(rows);
    if (context.output("comparison").isEmpty()) {
      return StepOutput.table("scores", scores);
    }
    Compared compared =
        Compared.of(champion, challenger, canary ? rows.where(isCanary) : rows, canary);
    return withComparison(context, StepOutput.table("scores", scores), compared);
  }

  private static StepOutput withComparison(
      StepContext context, StepOutput output, Compared compared) {
    return context.output("comparison").isPresent() ? compared.on(output, context.spark()) : output;
  }

  static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, message);
  }
}
