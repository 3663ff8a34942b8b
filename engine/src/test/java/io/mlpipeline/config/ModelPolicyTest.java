package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.ModelPolicy.Automatic;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.PromotionGate;
import io.mlpipeline.model.PromotionGate.Approval;
import io.mlpipeline.model.PromotionGate.Gain;
import io.mlpipeline.model.PromotionRule;
import io.mlpipeline.model.SourceLocation;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline says of promotions. */
class ModelPolicyTest {

  private static final String FILE = "conf/pipelines/p.conf";
  private static final String STEPS =
      """
      pipeline: p
      inputs { rows: { files: x, format: csv } }
      steps {
        train { uses: train-classifier, inputs { rows: rows }, outputs { model: { as: fit } } }
        register { uses: register, inputs { model: fit }, outputs { model: { as: churn } } }
      }
      """;

  @TempDir Path home;
  private ConfFixture conf;

  @BeforeEach
  void makeProject() {
    conf = new ConfFixture(home);
  }

  private PipelineSpec read(String models) {
    conf.pipeline(STEPS + models);
    LoadedPipeline loaded = conf.load();
    assertThat(loaded.problems()).isEmpty();
    return Objects.requireNonNull(loaded.spec());
  }

  private List<String> problems(String models) {
    conf.pipeline(STEPS + models);
    return conf.problems().stream().map(p -> p.replace(FILE + ":", "")).toList();
  }

  @Test
  void readsWhatIsAskedBeforeEachStage() {
    PipelineSpec spec =
        read(
            """
            models { churn {
              promotion {
                staging {
                  require: [
                    "candidate.auc_roc >= coalesce(champion.auc_roc - 0.005, 0.75)",
                    "forall(slices, s -> s.auc_roc >= 0.65)"
                  ]
                }
                production { require: "candidate.f1 > 0.5", gain: auc_roc, approval: other }
              }
              automatic: staging
            } }
            """);

    assertThat(spec.models())
        .containsExactly(
            new ModelPolicy(
                "churn",
                new PromotionGate(
                    List.of(
                        rule("candidate.auc_roc >= coalesce(champion.auc_roc - 0.005, 0.75)", 11),
                        rule("forall(slices, s -> s.auc_roc >= 0.65)", 12)),
                    null,
                    Approval.NONE),
                new PromotionGate(
                    List.of(rule("candidate.f1 > 0.5", 15)),
                    new Gain("auc_roc", 0),
                    Approval.OTHER),
                Automatic.STAGING,
                new SourceLocation(FILE, 7)));
  }

  @Test
  void asksForEvidenceAloneWhereNothingIsSaid() {
    PipelineSpec spec = read("");

    assertThat(spec.models()).isEmpty();
    assertThat(spec.policy("churn")).isEqualTo(ModelPolicy.open("churn"));
  }

  @Test
  void takesAToleranceForTheGain() {
    ModelPolicy policy =
        read("models.churn.promotion.staging.gain { metric: rmse, at-least: -0.25 }")
            .policy("churn");

    assertThat(policy.staging().gain()).isEqualTo(new Gain("rmse", -0.25));
    assertThat(policy.production()).isEqualTo(PromotionGate.OPEN);
    assertThat(policy.automatic()).isEqualTo(Automatic.NONE);
  }

  @Test
  void namesEverySlip() {
    assertThat(
            problems(
                """
                models { churn {
                  promotion {
                    staging { requires: ["a > 1"], approval: others }
                    prodution { }
                    production { require: ["", "a > 1", "a >   1 ", "a > 1"], gain: auc-roc }
                  }
                  automatic: always
                  automatc: none
                } }
                """))
        .containsExactly(
            "9: 'models.churn.promotion.staging.approval' cannot be 'others' (did you mean"
                + " 'other'?)",
            "9: unknown key 'requires' in 'models.churn.promotion.staging' (did you mean"
                + " 'require'?)",
            "10: unknown key 'prodution' in 'models.churn.promotion' (did you mean 'production'?)",
            "11: 'models.churn.promotion.production.require[0]' is empty",
            "11: the rule 'a > 1' stands there twice (keep one)",
            "11: 'auc-roc' is no name of a metric (such as auc_roc)",
            "13: 'models.churn.automatic' cannot be 'always' (one of none, staging, production)",
            "14: unknown key 'automatc' in 'models.churn' (did you mean 'automatic'?)");
  }

  @Test
  void refusesAPolicyForAModelThatNothingRegisters() {
    assertThat(problems("models { chrun { automatic: staging }, fit {} }"))
        .containsExactly(
            "7: 'models.chrun': no step registers a model 'chrun' (did you mean 'churn'?)",
            "7: 'models.fit': no step registers a model 'fit' (registered are churn)");
  }

  @Test
  void refusesTheGainOfAGain() {
    assertThat(problems("models.churn.promotion.staging.gain: auc_roc_gain_low"))
        .containsExactly(
            "7: 'auc_roc_gain_low' is a gain already (name the metric itself: auc_roc)");
  }

  @Test
  void doesNotLetTheCommandLineSoftenARule() {
    conf.pipeline(STEPS + "models.churn.promotion.production.approval: other");
    conf.set("models.churn.promotion.production.approval", "none");

    assertThat(conf.problems())
        .containsExactly(
            "--set: 'models.churn.promotion.production.approval' cannot be set (how models are"
                + " promoted is what the file says: change it there)");
  }

  @Test
  void letsAnEnvironmentHaveRulesOfItsOwn() {
    conf.write("conf/env/prod.conf", "models.churn.promotion.production.approval: other");
    conf.environment("prod");

    assertThat(read("models.churn.automatic: staging").policy("churn").production().approval())
        .isEqualTo(Approval.OTHER);
  }

  /** It is the overlay of every pipeline, and each registers models of its own. */
  @Test
  void letsAnEnvironmentNameModelsOfOtherPipelines() {
    conf.write(
        "conf/env/prod.conf",
        "models { telco.automatic: none, churn.promotion.production.approval: other }");
    conf.environment("prod");

    assertThat(read("").policy("churn").production().approval()).isEqualTo(Approval.OTHER);
    assertThat(read("models.churn.automatic: staging").models()).hasSize(1);
  }

  private static PromotionRule rule(String text, int line) {
    return new PromotionRule(text, new SourceLocation(FILE, line));
  }
}
