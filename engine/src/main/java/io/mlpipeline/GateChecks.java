package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.spark.gate.GateCost;
import io.mlpipeline.spark.gate.GateSyntax;
import io.mlpipeline.spark.promote.PromotionSyntax;
import io.mlpipeline.spark.table.Schemas;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a pipeline's gates before any data moves: whether every rule is understood,
 * and what judging costs. Reads nothing and needs no session, but loads Spark's classes.
 */
public final class GateChecks {

  private GateChecks() {}

  /** A gate that asks something, with what is known of the dataset that it stands before. */
  private record Gated(
      String dataset,
      GateSpec gate,
      @Nullable SchemaSpec schema,
      Collection<String> read,
      GateCost.Scanned what) {

    /** Null if no contract says them. */
    @Nullable StructType columns() {
      return schema == null ? null : Schemas.of(schema);
    }
  }

  /**
   * Every rule of every gate is understood.
   *
   * @throws EngineException with every problem, if not
   */
  public static void check(PipelineSpec spec) {
    List<Problem> problems = problems(spec);
    if (!problems.isEmpty()) {
      throw EngineException.invalid(problems);
    }
  }

  /** What is wrong with the gates of a pipeline, those of promotions included. */
  public static List<Problem> problems(PipelineSpec spec) {
    List<Problem> problems = new ArrayList<>();
    for (Gated one : gates(spec)) {
      Set<String> referable = new TreeSet<>(one.read());
      referable.addAll(one.gate().references());
      problems.addAll(GateSyntax.problems(one.gate().rules(), one.columns(), referable));
    }
    spec.models().forEach(policy -> problems.addAll(problems(policy)));
    return problems;
  }

  /** What is wrong with the rules of promotions of one model. */
  public static List<Problem> problems(ModelPolicy policy) {
    return PromotionSyntax.problems(policy);
  }

  /**
   * What each gate of a pipeline costs, by dataset, in words such as {@code 12 rules: 3 from
   * statistics, 1 scan}; gates that ask nothing are left out.
   */
  public static SortedMap<String, String> costs(PipelineSpec spec) {
    SortedMap<String, String> costs = new TreeMap<>();
    for (Gated one : gates(spec)) {
      costs.put(one.dataset(), GateCost.of(one.gate(), one.columns(), one.what()).text());
    }
    return costs;
  }

  private static List<Gated> gates(PipelineSpec spec) {
    List<Gated> gates = new ArrayList<>();
    for (InputSpec input : spec.inputs()) {
      gates.add(
          new Gated(input.name(), input.gate(), input.schema(), List.of(), GateCost.Scanned.INPUT));
    }
    for (StepSpec step : spec.steps()) {
      for (OutputSpec output : step.outputs()) {
        gates.add(
            new Gated(
                output.name(),
                output.gate(),
                output.schema(),
                step.inputs().values(),
                GateCost.Scanned.OUTPUT));
      }
    }
    gates.removeIf(one -> one.gate().isOpen());
    return gates;
  }
}
