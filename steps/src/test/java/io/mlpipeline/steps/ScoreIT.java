package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.score.Score;
import io.mlpipeline.testkit.TestSpark;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ScoreIT {

  private static final Transformer CHAMPION = model("x / 1000");
  private static final Transformer CHALLENGER = model("x / 1000 + IF(id < 100, 0.5, 0)");

  @Test
  void theChampionServesAllAndEveryRowSaysWhoAndOfWhat() {
    StepOutput output = score(Score.Mode.CHAMPION, "10%", false);
    Dataset<Row> scores = output.tables().get("scores");
    assertThat(scores.columns())
        .containsExactly("id", "plan", "prediction", "model", "served_by", "features", "_run");
    assertThat(scores.count()).isEqualTo(1000);
    assertThat(scores.where("served_by = 'champion' AND model = 'model'").count()).isEqualTo(1000);
    assertThat(scores.where("prediction <> id / 1000D").count()).isZero();
  }

  @Test
  void aShadowIsComparedAndServesNobody() {
    StepOutput output = score(Score.Mode.SHADOW, "10%", true);
    assertThat(output.tables().get("scores").where("served_by = 'challenger'").count()).isZero();
    Row compared = output.tables().get("comparison").head();
    assertThat(compared.<Long>getAs("rows")).isEqualTo(1000);
    assertThat(compared.<Long>getAs("served_by_challenger")).isZero();
    assertThat(compared.<Double>getAs("agreement")).isEqualTo(0.9);
    assertThat(compared.<Double>getAs("mean_difference")).isCloseTo(0.05, within(1e-9));
    assertThat(compared.<Double>getAs("max_absolute_difference")).isCloseTo(0.5, within(1e-9));
    assertThat(compared.<Double>getAs("psi")).isPositive();
    assertThat(output.metrics()).containsEntry("agreement", 0.9);
  }

  @Test
  void aCanaryServesTheSameKeysHoweverTheRowsAreLaidOut() {
    Map<Long, String> once = servedBy(score(Score.Mode.CANARY, "20%", true));
    MapContext other = context(true).with("rows", rows().repartition(7));
    Map<Long, String> again = servedBy(run(other, Score.Mode.CANARY, "20%"));
    assertThat(again).isEqualTo(once);
    assertThat(once.values().stream().filter("challenger"::equals).count()).isBetween(150L, 250L);
    assertThat(servedBy(score(Score.Mode.CANARY, "100%", true)).values())
        .containsOnly("challenger");
  }

  @Test
  void withoutAChallengerACanaryIsTheChampionAndTheComparisonSaysSo() {
    StepOutput output = score(Score.Mode.CANARY, "20%", false);
    assertThat(servedBy(output).values()).containsOnly("champion");
    Row compared = output.tables().get("comparison").head();
    assertThat(compared.<String>getAs("challenger")).isNull();
    assertThat(compared.<Double>getAs("agreement")).isNull();
  }

  @Test
  void refusesAKeyThatIsNoColumnAndAShareThatIsNone() {
    assertThatThrownBy(
            () ->
                new Score()
                    .run(
                        context(false),
                        new Score.Params(
                            List.of("idd"),
                            List.of(),
                            Score.Mode.CHAMPION,
                            "10%",
                            42,
                            Score.Skew.REFUSE,
                            0.25,
                            Map.of())))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("did you mean id?");
    assertThatThrownBy(() -> score(Score.Mode.CANARY, "150%", true))
        .hasMessageContaining("write a share of the rows");
  }

  private static Map<Long, String> servedBy(StepOutput output) {
    return output.tables().get("scores").collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getAs("id"), row -> row.getAs("served_by")));
  }

  private static StepOutput score(Score.Mode mode, String canary, boolean challenged) {
    return run(context(challenged), mode, canary);
  }

  private static StepOutput run(MapContext context, Score.Mode mode, String canary) {
    return new Score()
        .run(
            context,
            new Score.Params(
                List.of("id"),
                List.of("plan"),
                mode,
                canary,
                42,
                Score.Skew.REFUSE,
                0.25,
                Map.of()));
  }

  private static MapContext context(boolean challenged) {
    MapContext context =
        new MapContext()
            .with("rows", rows())
            .withModel("model", CHAMPION)
            .withOutput("scores", null, "id")
            .withOutput("comparison", null);
    return challenged ? context.withModel("challenger", CHALLENGER) : context;
  }

  private static Dataset<Row> rows() {
    return TestSpark.session().range(1000).selectExpr("id", "double(id) AS x", "'basic' AS plan");
  }

  private static Transformer model(String score) {
    return new SQLTransformer()
        .setStatement("SELECT *, double(" + score + ") AS prediction FROM __THIS__");
  }
}
