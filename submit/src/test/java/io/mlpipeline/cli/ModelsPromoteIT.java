package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Planning;
import io.mlpipeline.Warehouse;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.Evidence.Measured;
import io.mlpipeline.registry.Evidence.Subject;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.RegistryEvent.Kind;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People decide on versions in process, over a registry that runs would have written. */
class ModelsPromoteIT {

  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final String PIPELINE =
      """
      pipeline: p
      inputs { rows: { files: "rows.csv", format: csv } }
      steps {
        train { uses: train-classifier, inputs { rows: rows }, outputs { model: { as: fit } }
                params { algorithm: logistic-regression, label: y, numeric: [x], key: [id] } }
        register { uses: register, inputs { model: fit }, outputs { version: { as: churn } } }
      }
      models { churn { promotion {
        staging { require: [
          "candidate.auc_roc >= coalesce(champion.auc_roc - 0.005, 0.75)"
          "forall(slices, s -> s.auc_roc >= 0.65)"
        ] }
        production { gain: auc_roc, approval: other }
      } } }
      """;

  @TempDir Path directory;
  private ModelRegistry registry;

  @BeforeEach
  void writeThePipeline() throws IOException {
    Files.createDirectories(directory.resolve("conf/pipelines"));
    Files.writeString(directory.resolve("conf/pipelines/p.conf"), PIPELINE);
    registry = Warehouse.open("warehouse", directory).registry();
  }

  private Ran models(String... args) {
    List<String> all = new java.util.ArrayList<>(List.of("models"));
    all.addAll(List.of(args));
    all.addAll(List.of("--warehouse", "warehouse"));
    return Ran.in(directory, all.toArray(new String[0]));
  }

  private void registered(String version, String author) {
    SemanticVersion number = SemanticVersion.parse(version);
    ModelCard card =
        new ModelCard(
            "churn",
            number,
            "",
            "p",
            "fit",
            "m1:" + version,
            "u",
            "r1",
            THEN,
            author,
            null,
            null,
            List.of(),
            List.of(),
            new TreeMap<>(Map.of("pipeline-file", "conf/pipelines/p.conf")),
            new TreeMap<>());
    append(Kind.REGISTERED, number, author, registry.put(card), null);
  }

  private void evaluated(String version, double auc, double basic) {
    String champion = registry.state("churn").champion().map(VersionState::digest).orElse(null);
    Evidence evidence =
        new Evidence(
            "m1:" + version,
            champion,
            "c1:500:ab",
            List.of(
                new Measured(Subject.CANDIDATE, Evidence.ALL, "auc_roc", auc, 500, false),
                new Measured(Subject.CANDIDATE, "plan=basic", "auc_roc", basic, 200, false),
                new Measured(Subject.CANDIDATE, "plan=rare", "auc_roc", 0.1, 3, true)));
    append(Kind.EVALUATED, SemanticVersion.parse(version), "alice", null, evidence);
  }

  private void append(
      Kind kind,
      SemanticVersion version,
      String by,
      @Nullable String card,
      @Nullable Evidence evidence) {
    ModelState state = registry.state("churn");
    PromotionStage to = card == null ? null : PromotionStage.EXPERIMENTAL;
    boolean appended =
        registry.append(
            new RegistryEvent(
                "churn",
                state.last() + 1,
                kind,
                version,
                "m1:" + version,
                null,
                to,
                by,
                THEN,
                null,
                "r1",
                card,
                evidence,
                0,
                List.of(),
                null,
                state.seal()));
    assertThat(appended).isTrue();
  }

  private PromotionStage stage(String version) {
    return registry.state("churn").find(SemanticVersion.parse(version)).orElseThrow().stage();
  }

  @Test
  void aVersionComesToProductionOnEvidenceAndBySomebodyElsesWord() {
    registered("1.0.0", "alice");
    evaluated("1.0.0", 0.8, 0.61);

    Ran refused = models("promote", "churn@1.0.0", "--to", "staging", "--dry-run");
    assertThat(refused.code()).as(refused.out() + refused.err()).isEqualTo(5);
    assertThat(refused.out())
        .contains("candidate.auc_roc >= coalesce(", "candidate.auc_roc 0.80000", "failed");
    assertThat(refused.err())
        .contains(
            "it is false for plan=basic (auc_roc 0.6100)", "left out as too small: plan=rare");

    evaluated("1.0.0", 0.8, 0.7);
    Ran dry = models("promote", "churn@1.0.0", "--to", "staging", "--dry-run");
    assertThat(dry.code()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("would promote churn@1.0.0 from experimental to staging");
    assertThat(stage("1.0.0")).isEqualTo(PromotionStage.EXPERIMENTAL);

    Ran staged = models("promote", "churn@1.0.0", "--to", "staging", "--reason", "good");
    assertThat(staged.code()).as(staged.err()).isZero();
    assertThat(staged.out())
        .contains("promoted churn@1.0.0 from experimental to staging   (event 4, by ");
    RegistryEvent event = registry.event("churn", 4).orElseThrow();
    assertThat(event.by()).isEqualTo(Planning.user());
    assertThat(event.reason()).isEqualTo("good");
    assertThat(event.evidenceAt()).isEqualTo(3);
    assertThat(event.decided()).hasSize(2).allMatch(one -> one.passed());
    assertThat(event.decided().get(1).observed()).containsEntry("slices[plan=basic].auc_roc", 0.7);

    Ran waiting = models("promote", "churn@1.0.0", "--to", "production");
    assertThat(waiting.code()).isEqualTo(6);
    assertThat(waiting.err()).contains("somebody other than alice", "models approve churn@1.0.0");
    assertThat(models("approve", "churn@1.0.0", "--reason", "checked").out())
        .startsWith("approved churn@1.0.0   (event 5, by ");
    Ran promoted = models("promote", "churn@1.0.0", "--to", "production", "--output", "json");
    assertThat(promoted.code()).as(promoted.err()).isZero();
    assertThat(promoted.out()).contains("\"promoted\": true", "\"approver\": \"" + Planning.user());
    assertThat(stage("1.0.0")).isEqualTo(PromotionStage.PRODUCTION);
  }

  @Test
  void theLightFrontHandsOverOnlyWhereRulesMustBeEvaluated() {
    registered("1.0.0", "alice");
    System.setProperty("mlpipeline.front", "true");
    try {
      assertThat(models("promote", "churn@1.0.0", "--to", "staging").code())
          .as("without evidence nothing is evaluated")
          .isEqualTo(5);
      evaluated("1.0.0", 0.8, 0.7);
      assertThat(models("promote", "churn@1.0.0", "--to", "staging").code())
          .isEqualTo(ExitCode.HAND_OVER);
      assertThat(models("reject", "churn@1.0.0", "--reason", "x").code()).isZero();
    } finally {
      System.clearProperty("mlpipeline.front");
    }
  }

  @Test
  void theAuthorCannotVouchForIt() {
    registered("1.0.0", Planning.user());

    Ran ran = models("approve", "churn@1.0.0", "--reason", "trust me");

    assertThat(ran.code()).isEqualTo(6);
    assertThat(ran.err()).contains("is the author of churn@1.0.0 and cannot vouch for it");
    assertThat(registry.state("churn").last()).isEqualTo(1);
  }

  @Test
  void humansRejectDemoteAndArchiveWithoutSpark() {
    registered("1.0.0", "alice");

    assertThat(models("reject", "churn@1.0.0", "--reason", "too old").out())
        .startsWith("rejected churn@1.0.0   (event 2, by ");
    Ran promote = models("promote", "churn@1.0.0", "--to", "staging");
    assertThat(promote.code()).isEqualTo(5);
    assertThat(promote.err()).contains("churn@1.0.0 was rejected by ", ": too old");
    assertThat(models("demote", "churn@1.0.0", "--to", "staging", "--reason", "x").err())
        .contains("churn@1.0.0 is experimental: to staging is no demotion");
    assertThat(models("archive", "churn@1.0.0").out()).startsWith("archived churn@1.0.0");
    assertThat(stage("1.0.0")).isEqualTo(PromotionStage.ARCHIVED);
  }

  @Test
  void errorsSayWhatToDo() throws IOException {
    registered("1.0.0", "alice");

    assertThat(models("promote", "churn", "--to", "staging").err())
        .contains("'churn' names no version", "such as churn@1.4.0");
    assertThat(models("promote", "churn@1.0.0", "--to", "prodution").err())
        .contains("--to cannot be 'prodution'", "did you mean 'production'?");
    assertThat(models("promote", "churn@1.0.0", "--to", "staging").err())
        .contains("nothing was measured of churn@1.0.0 (m1:1.0.0)", "run the pipeline");
    assertThat(models("promote", "churn@1.2.0", "--to", "staging").err())
        .contains("there is no churn@1.2.0");
    String easier = "models.churn.promotion.production.approval=none";
    assertThat(models("promote", "churn@1.0.0", "--to", "staging", "--set", easier).err())
        .as("the rules are not a matter of who promotes")
        .contains("'" + easier.substring(0, easier.indexOf('=')) + "' cannot be set");
    Files.move(directory.resolve("conf/pipelines/p.conf"), directory.resolve("q.conf"));
    assertThat(models("promote", "churn@1.0.0", "--to", "staging").err())
        .contains(
            "the rules of churn are in conf/pipelines/p.conf, which is not here", "--pipeline");
    Files.writeString(
        directory.resolve("q.conf"), PIPELINE.replace("pipeline: p", "pipeline: other"));
    assertThat(models("promote", "churn@1.0.0", "--to", "staging", "--pipeline", "q.conf").err())
        .contains("q.conf is pipeline other, and churn@1.0.0 is of pipeline p");
    Files.writeString(directory.resolve("q.conf"), PIPELINE.replace("forall(", "max(rand(), "));
    evaluated("1.0.0", 0.8, 0.7);
    Ran unsound = models("promote", "churn@1.0.0", "--to", "staging", "--pipeline", "q.conf");
    assertThat(unsound.code()).isEqualTo(2);
    assertThat(unsound.err()).contains("q.conf:11: rule `max(rand()", "max aggregates rows");
  }
}
