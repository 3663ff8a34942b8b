package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Choose.Direction;
import io.mlpipeline.testkit.TestSpark;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.SQLTransformer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChooseIT {

  private static final String METRICS =
      "SELECT * FROM VALUES"
          + " ('a_model','all','auc_roc',0.7D), ('b_model','all','auc_roc',0.8D),"
          + " ('a_model','all','log_loss',0.4D), ('b_model','all','log_loss',0.5D),"
          + " ('a_model','plan=x','auc_roc',0.9D), ('b_model','plan=x','auc_roc',0.8D),"
          + " ('a_model','all','f1',0.6D), ('b_model','all','f1',0.6D),"
          + " ('a_model','all','price',1D), ('b_model','all','price',2D),"
          + " ('a_model','all','nan',double('NaN')), ('b_model','all','nan',2D),"
          + " ('a_model','all','null',null), ('b_model','all','null',2D),"
          + " ('a_model','all','inf',1D), ('b_model','all','inf',double('infinity')),"
          + " ('a_model','all','part',1D),"
          + " ('a_model','all','twice',1D), ('a_model','all','twice',1D),"
          + " ('b_model','all','twice',1D) AS t(model, slice, metric, value)";

  private static final Transformer MODEL = new SQLTransformer().setStatement("SELECT 1");

  @ParameterizedTest
  @CsvSource({
    "auc_roc, all, AUTO, b, 0.8",
    "log_loss, all, AUTO, a, 0.4",
    "auc_roc, plan=x, AUTO, a, 0.9",
    "f1, all, AUTO, a, 0.6",
    "auc_roc, all, LOWER, a, 0.7",
    "price, all, HIGHER, b, 2",
  })
  void takesTheBestAndOfEqualOnesTheFirst(
      String metric, String slice, Direction direction, String port, double value) {
    StepOutput output = choose(metric, slice, direction);
    assertThat(output.sameModels()).containsEntry("model", port).hasSize(1);
    assertThat(output.metrics())
        .containsEntry(metric, value)
        .containsEntry("chosen.a_model", port.equals("a") ? 1.0 : 0.0)
        .containsEntry("chosen.b_model", port.equals("b") ? 1.0 : 0.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "price | all | AUTO | say direction",
        "nan | all | LOWER | nan of a_model on slice all is NaN",
        "null | all | LOWER | null of a_model on slice all is NaN",
        "inf | all | LOWER | inf of b_model on slice all is Infinity",
        "part | all | LOWER | there is no part of b_model on slice all; there is [auc_roc, f1",
        "auc_roc | plan=y | AUTO | there is no auc_roc of a_model on slice plan=y",
        "twice | all | LOWER | there are 2 values for the twice of a_model",
      })
  void refusesToChooseByWhatIsNotThere(
      String metric, String slice, Direction direction, String message) {
    assertThatThrownBy(() -> choose(metric, slice, direction)).hasMessageContaining(message);
  }

  /** It is there to be measured against, and may be better than all others. */
  @Test
  void doesNotChooseTheChampion() {
    StepTestContext context =
        StepTestContext.of(
                "metrics",
                TestSpark.session()
                    .sql(
                        "SELECT * FROM VALUES ('a_model','all','auc_roc',0.7D),"
                            + " ('champion','all','auc_roc',0.9D) AS t(model, slice, metric, value)"))
            .with("a", MODEL)
            .with("champion", MODEL);
    Choose.Params params = new Choose.Params("auc_roc", "all", Direction.AUTO);
    StepOutput output = new Choose().run(context, params);
    assertThat(output.sameModels()).containsEntry("model", "a");
    assertThat(output.metrics()).containsOnlyKeys("auc_roc", "chosen.a_model");
  }

  private static StepOutput choose(String metric, String slice, Direction direction) {
    StepTestContext context =
        StepTestContext.of("metrics", TestSpark.session().sql(METRICS))
            .with("a", MODEL)
            .with("b", MODEL);
    return new Choose().run(context, new Choose.Params(metric, slice, direction));
  }
}
