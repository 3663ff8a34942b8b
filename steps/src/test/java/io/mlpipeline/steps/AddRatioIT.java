package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.steps.example.AddRatio;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class AddRatioIT {

  @Test
  void dividesAndLeavesNullWhereItCannot() {
    MapContext context = new MapContext();
    context.with("rows", context.spark().sql("select * from values (1, 4), (1, 0) as t(a, b)"));
    assertThat(
            new AddRatio()
                .run(context, new AddRatio.Params("a", "b", "share"))
                .tables()
                .get("rows")
                .collectAsList())
        .extracting(Row::mkString)
        .containsExactlyInAnyOrder("140.25", "10null");
  }
}
