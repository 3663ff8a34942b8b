package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows to a training and a holdout part, and a validation part if wanted, by a hash of a key: a row
 * is always on the same side, whatever other rows there are, and rows of one key stay together.
 *
 * <p>The key's values are hashed as text, so a column that grows from {@code int} to {@code bigint}
 * moves nobody. Deterministic, also in the number of cores. Throws {@code CONTRACT_BROKEN} if a key
 * is null.
 */
@StepType(
    value = "split",
    inputs = @Port("rows"),
    outputs = {@Port("train"), @Port("holdout"), @Port(value = "validation", optional = true)})
public final class Split implements Step<Split.Params> {

  /**
   * The params.
   *
   * @param key the columns whose values decide
   * @param holdout the share of keys in the holdout, above 0 and below 1, in steps of 0.0001
   * @param validation the share of keys in the validation part, if that port is bound
   * @param seed another seed is another split
   */
  public record Params(
      List<String> key,
      @Default("0.2") double holdout,
      @Default("0") double validation,
      @Default("42") long seed) {}

  @Override
  public StepOutput run(StepContext context, Params params) {
    Dataset<Row> rows = context.input("rows");
    boolean validated = context.output("validation").isPresent();
    int holdout = buckets("holdout", params.holdout());
    int validation = validated ? buckets("validation", params.validation()) : 0;
    if (!validated && params.validation() != 0) {
      throw invalid("param validation is set, but output 'validation' is not bound");
    }
    if (holdout + validation >= KeyBuckets.ALL) {
      throw invalid("params holdout and validation together leave no rows to train on");
    }
    Column[] key = key(rows, params.key());
    refuseNullKeys(rows, key, params.key());
    Column bucket = KeyBuckets.of(List.of(key), params.seed());
    StepOutput parts =
        StepOutput.table("holdout", rows.filter(bucket.lt(holdout)))
            .withTable("train", rows.filter(bucket.geq(holdout + validation)));
    Column between = bucket.geq(holdout).and(bucket.lt(holdout + validation));
    return validated ? parts.withTable("validation", rows.filter(between)) : parts;
  }

  private static int buckets(String param, double share) {
    long buckets = Math.round(share * KeyBuckets.ALL);
    if (!(share > 0 && share < 1) || buckets == 0 || buckets == KeyBuckets.ALL) {
      throw invalid("param " + param + " must lie between 0.0001 and 0.9999, not " + share);
    }
    return (int) buckets;
  }

  private static Column[] key(Dataset<Row> rows, List<String> names) {
    if (names.isEmpty()) {
      throw invalid("param key is empty: name the columns that stay together");
    }
    List<String> known = Arrays.asList(rows.columns());
    for (String name : names) {
      if (known.stream().noneMatch(name::equalsIgnoreCase)) {
        throw invalid(
            "param key: input 'rows' has no column '%s'%s"
                .formatted(name, Suggestions.didYouMean(name, known)));
      }
    }
    return names.stream().map(n -> col("`" + n + "`")).toArray(Column[]::new);
  }

  private static void refuseNullKeys(Dataset<Row> rows, Column[] key, List<String> names) {
    Column anyNull = Arrays.stream(key).map(Column::isNull).reduce(lit(false), Column::or);
    long nulls = rows.agg(count_if(anyNull)).head().getLong(0);
    if (nulls > 0) {
      throw new EngineException(
          ErrorType.CONTRACT_BROKEN,
          "%d rows have no key (%s), so they belong to no side; filter them or choose another key"
              .formatted(nulls, String.join(", ", names)));
    }
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, message);
  }
}
