package io.mlpipeline.steps.example;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.step.Default;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import org.apache.spark.sql.Column;

/** Adds a column: one column divided by another, null where the divisor is zero. */
@StepType(value = "add-ratio", inputs = @Port("rows"), outputs = @Port("rows"))
public final class AddRatio implements Step<AddRatio.Params> {

  /** What it is told. */
  public record Params(String top, String bottom, @Default("ratio") String name) {}

  @Override
  public StepOutput run(StepContext context, Params params) {
    Column bottom = col(params.bottom()).cast("double");
    Column ratio = when(bottom.notEqual(0), col(params.top()).cast("double").divide(bottom));
    return StepOutput.table("rows", context.input("rows").withColumn(params.name(), ratio));
  }
}
