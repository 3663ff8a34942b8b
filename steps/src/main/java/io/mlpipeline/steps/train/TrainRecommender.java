package io.mlpipeline.steps.train;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.KeysFrom;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import io.mlpipeline.steps.MlColumns;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.recommendation.ALS;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Learns from who rated what how they would rate the rest, by alternating least squares, and
 * returns a {@code PipelineModel} that takes the columns of users and items and gives {@code
 * prediction}: null for a user or an item that was not there at training.
 *
 * <p>Rows are sorted by user, item and rating, and factors are computed in one block, so that equal
 * rows and params give equal models, bit by bit, on any number of cores: sums of blocks would
 * depend on which came first.
 *
 * <p>Refused: more than 15 rounds (each makes the lineage of MLlib's factors longer, and a task
 * that is too deep for the stack takes the whole session with it: 20 fit into the usual stack, 30
 * do not), no rows, ids that are null, not whole or beyond an int, ratings that are null or not
 * finite, a user who rates an item twice.
 */
@StepType(
    value = "train-recommender",
    inputs = @Port("rows"),
    outputs = @Port(value = "model", kind = OutputKind.MODEL))
public final class TrainRecommender implements Step<TrainRecommender.Params> {

  private static final String USER = "__user";
  private static final String ITEM = "__item";
  private static final String RATING = "__rating";

  /** The learner. */
  public enum Algorithm {
    /** Alternating least squares. */
    ALS
  }

  /**
   * Who rated what.
   *
   * @param user the column of users, whole numbers
   * @param item the column of items, whole numbers
   * @param rating the column of ratings; if left out, that there is a row counts as 1
   * @param algorithm the learner
   * @param learner the algorithm's own params, by MLlib's names in kebab-case
   * @param seed for the factors to begin with
   */
  public record Params(
      String user,
      String item,
      @Default("") String rating,
      @Default("als") Algorithm algorithm,
      @Default("") @KeysFrom(value = "TrainRecommender.params", by = "algorithm")
          Map<String, List<String>> learner,
      @Default("42") long seed) {

    public Params {
      learner = new TreeMap<>(learner);
    }
  }

  @Override
  public StepOutput run(StepContext context, Params params) {
    Learner learner = learner(params);
    ParamsCheck.check(learner);
    Dataset<Row> input = context.input("rows");
    StructField user = id(input.schema(), "user", params.user());
    StructField item = id(input.schema(), "item", params.item());
    if (!params.rating().isEmpty()) {
      MlColumns.requireNumber(input.schema(), "rating", params.rating());
    }
    Dataset<Row> rows = arranged(input, params, learner);
    try {
      Row facts = check(rows, params);
      Model<?> fitted = fit(rows, params, learner);
      PipelineModel model = pipeline(input, fitted, params);
      return StepOutput.model("model", model)
          .withSignature("model", signature(user, item, input.schema(), params))
          .withMetric("training_rows", (double) facts.getLong(0))
          .withMetric("users", (double) facts.getLong(1))
          .withMetric("items", (double) facts.getLong(2))
          .withMetric("rank", Double.parseDouble(learner.value("rank")));
    } finally {
      rows.unpersist();
    }
  }

  static Learner learner(Params params) {
    return Learner.of(
        params.algorithm(),
        () -> new ALS("recommender").setNumBlocks(1),
        Set.of(),
        params.learner());
  }

  private static StructField id(StructType schema, String param, String column) {
    StructField field = MlColumns.find(schema, param, column);
    var type = field.dataType();
    boolean whole =
        type instanceof IntegerType
            || type instanceof LongType
            || type instanceof ShortType
            || type instanceof ByteType;
    if (!whole) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          param
              + " column "
              + field.name()
              + " is "
              + type.simpleString()
              + "; ids must be whole numbers: number them in a sql step before, by a table of its"
              + " own that keeps the numbers");
    }
    return field;
  }

  private static Dataset<Row> arranged(Dataset<Row> input, Params params, Learner learner) {
    Column rating =
        params.rating().isEmpty() ? lit(1.0) : MlColumns.number(MlColumns.named(params.rating()));
    return input
        .select(
            MlColumns.named(params.user()).cast("long").as(USER),
            MlColumns.named(params.item()).cast("long").as(ITEM),
            rating.as(RATING))
        .repartition(1)
        .sortWithinPartitions(USER, ITEM, RATING)
        .where(lit(learner.name() + params).isNotNull())
        .persist();
  }

  private static Row check(Dataset<Row> rows, Params params) {
    Column user = MlColumns.named(USER);
    Column item = MlColumns.named(ITEM);
    Column rating = MlColumns.named(RATING);
    Row facts =
        rows.agg(
                count(lit(1)),
                countDistinct(user),
                countDistinct(item),
                countDistinct(user, item),
                count_if(user.isNull()),
                count_if(item.isNull()),
                count_if(
                    rating
                        .isNull()
                        .or(rating.equalTo(lit(Double.POSITIVE_INFINITY)))
                        .or(rating.equalTo(lit(Double.NEGATIVE_INFINITY)))),
                coalesce(min(user), lit(0L)),
                coalesce(max(user), lit(0L)),
                coalesce(min(item), lit(0L)),
                coalesce(max(item), lit(0L)))
            .head();
    if (facts.getLong(0) == 0) {
      throw Target.noRows();
    }
    absent("user " + params.user(), "is null", facts.getLong(4));
    absent("item " + params.item(), "is null", facts.getLong(5));
    absent("rating " + params.rating(), "is null, NaN or infinite", facts.getLong(6));
    inside("user " + params.user(), facts.getLong(7), facts.getLong(8));
    inside("item " + params.item(), facts.getLong(9), facts.getLong(10));
    if (facts.getLong(3) < facts.getLong(0)) {
      throw failed(
          facts.getLong(0)
              - facts.getLong(3)
              + " rows repeat a user and an item ("
              + params.user()
              + ", "
              + params.item()
              + "): add them up, or keep the newest, in a step before");
    }
    return facts;
  }

  private static void absent(String what, String how, long rows) {
    if (rows > 0) {
      throw failed(what + " " + how + " in " + rows + " rows: leave them out in a step before");
    }
  }

  private static void inside(String what, long least, long greatest) {
    if (least <= Integer.MIN_VALUE || greatest > Integer.MAX_VALUE) {
      throw failed(
          what
              + " goes from "
              + least
              + " to "
              + greatest
              + ", beyond an int: number them from 1 in a step before");
    }
  }

  private static Model<?> fit(Dataset<Row> rows, Params params, Learner learner) {
    Dataset<Row> ratings =
        rows.select(
            MlColumns.named(USER).cast("int").as(USER),
            MlColumns.named(ITEM).cast("int").as(ITEM),
            MlColumns.named(RATING).cast("float").as(RATING));
    return learner.fit(
        ratings,
        Map.of("userCol", USER, "itemCol", ITEM, "ratingCol", RATING, "predictionCol", "__rated"),
        params.seed());
  }

  /** MLlib says NaN of whom it does not know, which compares and averages in surprising ways. */
  private static PipelineModel pipeline(Dataset<Row> input, Model<?> fitted, Params params) {
    SQLTransformer ids =
        new SQLTransformer("ids")
            .setStatement(
                "SELECT *, "
                    + known(params.user(), USER)
                    + ", "
                    + known(params.item(), ITEM)
                    + " FROM __THIS__");
    SQLTransformer known =
        new SQLTransformer("known")
            .setStatement(
                "SELECT *, nanvl(cast(__rated AS double), cast(NULL AS double)) AS prediction"
                    + " FROM __THIS__");
    return new Pipeline("pipeline")
        .setStages(new PipelineStage[] {ids, fitted, known})
        .fit(input.limit(0));
  }

  /** An id that cannot be becomes the least int, which nobody has: MLlib would stop at a null. */
  private static String known(String column, String name) {
    return "coalesce(try_cast("
        + MlColumns.quoted(column)
        + " AS int), "
        + Integer.MIN_VALUE
        + ") AS "
        + name;
  }

  private static ModelSignature signature(
      StructField user, StructField item, StructType schema, Params params) {
    ModelSignature.Field rating =
        params.rating().isEmpty()
            ? null
            : FeatureColumns.field(MlColumns.find(schema, "rating", params.rating()));
    return new ModelSignature(
        "recommendation",
        List.of(FeatureColumns.field(user), FeatureColumns.field(item)),
        rating,
        List.of(new ModelSignature.Field("prediction", "double")));
  }

  private static EngineException failed(String message) {
    return new EngineException(ErrorType.STEP_FAILED, message);
  }
}
