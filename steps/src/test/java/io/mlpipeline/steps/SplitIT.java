package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Split.Params;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class SplitIT {

  private static final SchemaSpec ANY =
      new SchemaSpec("any-v1", List.of(new ColumnSpec("id", "bigint", true)), List.of());

  @Test
  void givesEveryKeyOneSideWhateverThePartitioning() {
    Params params = new Params(List.of("id"), 0.25, 0, 42);
    String rows = "select /*+ REPARTITION(%d) */ id %% 2000 as id from range(4000)";
    StepOutput one = split(rows.formatted(1), params, false);
    StepOutput seven = split(rows.formatted(7), params, false);
    Set<Object> holdout = ids(one, "holdout");
    Set<Object> train = ids(one, "train");
    assertThat(holdout).hasSizeBetween(420, 580).doesNotContainAnyElementsOf(train);
    assertThat(holdout.size() + train.size()).isEqualTo(2000);
    assertThat(ids(seven, "holdout")).isEqualTo(holdout);
    assertThat(
            ids(split(rows.formatted(1), new Params(List.of("id"), 0.25, 0, 43), false), "holdout"))
        .isNotEqualTo(holdout);
  }

  @Test
  void movesNobodyIfTheKeyGrowsOrOtherRowsCome() {
    Params params = new Params(List.of("id"), 0.5, 0, 1);
    Set<Object> before = ids(split("select int(id) as id from range(100)", params, false), "train");
    Set<Object> after = ids(split("select id from range(200)", params, false), "train");
    assertThat(after)
        .containsAll(before.stream().map(i -> (Object) ((Integer) i).longValue()).toList());
  }

  @Test
  void takesAValidationPartIfThePortIsBound() {
    StepOutput parts =
        split("select id from range(3000)", new Params(List.of("ID"), 0.2, 0.3, 42), true);
    assertThat(parts.tables()).containsOnlyKeys("train", "holdout", "validation");
    assertThat(ids(parts, "validation")).hasSizeBetween(800, 1000);
    assertThat(parts.tables().values().stream().mapToLong(Dataset::count).sum()).isEqualTo(3000);
  }

  @Test
  void refusesSharesAndKeysThatMeanNothing() {
    for (double share : new double[] {0, 1, -0.5, 1.5, Double.NaN, 0.00001}) {
      refused(ErrorType.CONFIG_INVALID, "select 1 as id", new Params(List.of("id"), share, 0, 1));
    }
    refused(ErrorType.CONFIG_INVALID, "select 1 as id", new Params(List.of("id"), 0.2, 0.1, 1));
    refused(ErrorType.CONFIG_INVALID, "select 1 as id", new Params(List.of(), 0.2, 0, 1));
    refused(ErrorType.CONFIG_INVALID, "select 1 as idd", new Params(List.of("id"), 0.2, 0, 1));
    refused(
        ErrorType.CONTRACT_BROKEN,
        "select if(id < 3, null, id) as id from range(9)",
        new Params(List.of("id"), 0.2, 0, 1));
  }

  private static void refused(ErrorType type, String rows, Params params) {
    assertThatThrownBy(() -> split(rows, params, false))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.type()).isEqualTo(type));
  }

  private static StepOutput split(String rows, Params params, boolean validated) {
    MapContext context = new MapContext().withOutput("train", ANY).withOutput("holdout", ANY);
    context.with("rows", context.spark().sql(rows));
    return new Split().run(validated ? context.withOutput("validation", ANY) : context, params);
  }

  private static Set<Object> ids(StepOutput output, String port) {
    Set<Object> ids = new HashSet<>();
    for (Row row : output.tables().get(port).collectAsList()) {
      ids.add(row.get(0));
    }
    return ids;
  }
}
