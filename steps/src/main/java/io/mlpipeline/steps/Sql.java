package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.SqlText;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.jspecify.annotations.Nullable;

/**
 * One Spark SQL query over the inputs, each a view under its port's name; its rows are the one
 * output, whatever that port is called.
 *
 * <p>Arguments are bound, not pasted: {@code window-days: 30} is {@code :window_days} in the query,
 * a whole number, decimal, boolean, ISO date or instant if it reads as one, else a text. The query
 * may read nothing but its inputs. Deterministic unless it says {@code non-deterministic: true}:
 * time, randomness and surroundings are refused. Throws {@code CONFIG_INVALID} for anything that is
 * no query, and {@code NOT_DETERMINISTIC}.
 */
@StepType(value = "sql", inputs = @Port("*"), outputs = @Port("*"))
public final class Sql implements Step<Sql.Params> {

  /**
   * The params.
   *
   * @param query the query, or the name of a {@code .sql} file beside the pipeline
   * @param arguments values by name
   * @param nonDeterministic whether time and randomness are meant
   */
  public record Params(
      SqlText query,
      @Default("") Map<String, String> arguments,
      @Default("false") boolean nonDeterministic) {}

  @Override
  public StepOutput run(StepContext context, Params params) {
    if (context.outputs().size() != 1) {
      throw invalid("a sql step has one output, not " + context.outputs().keySet(), null);
    }
    SparkSession spark = context.spark();
    String text = params.query().text();
    LogicalPlan parsed = parse(spark, text);
    SqlChecks.checkParsed(parsed, context.inputs().keySet());
    Map<String, Object> arguments =
        SqlArguments.bind(params.arguments(), SqlChecks.parameters(parsed));
    context.inputs().forEach((port, rows) -> rows.createOrReplaceTempView(port));
    Dataset<Row> rows = analyze(spark, text, arguments);
    if (!params.nonDeterministic()) {
      SqlChecks.checkDeterministic(text, rows.queryExecution().analyzed());
    }
    return StepOutput.table(context.outputs().firstKey(), rows);
  }

  private static LogicalPlan parse(SparkSession spark, String text) {
    try {
      return spark.sessionState().sqlParser().parsePlan(text);
    } catch (ParseException e) {
      throw invalid("the query cannot be parsed: " + e.getMessage(), e);
    }
  }

  private static Dataset<Row> analyze(
      SparkSession spark, String text, Map<String, Object> arguments) {
    try {
      return spark.sql(text, arguments);
    } catch (Exception e) {
      // Scala does not declare it, so it cannot be caught by name.
      if (e instanceof AnalysisException) {
        throw invalid("the query cannot be run: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private static EngineException invalid(String message, @Nullable Throwable cause) {
    return new EngineException(ErrorType.CONFIG_INVALID, message, cause);
  }
}
