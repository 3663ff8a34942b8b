package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.ReceiptStep;
import io.mlpipeline.testkit.ModelHistory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole receipt of a model version, in process, over a history that nobody trained. */
class ExplainModelTest {

  @TempDir Path directory;

  @BeforeEach
  void registersAModel() {
    ModelRegistry registry = Warehouse.open("./warehouse", directory).registry();
    new ModelHistory(registry, "churn")
        .registered("1.0.0", "ann")
        .evaluated("1.0.0", 0.84, "ann")
        .approved("1.0.0", "bob")
        .promoted("1.0.0", PromotionStage.PRODUCTION, "carl");
  }

  @Test
  void saysWhoMadeApprovedAndPromotedItAndWhy() {
    Ran ran = Ran.in(directory, "explain", "model", "churn@production");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains(
            "churn@1.0.0  m1:",
            "author ann, run r20240301-000000-aaaaaa",
            "git-commit abc",
            "approved 1.0.0 by bob",
            "promoted 1.0.0 to production by carl",
            "passed  candidate.auc_roc >= 0.75",
            "on the evidence of event 2",
            "gender=Female");
    Ran json = Ran.in(directory, "explain", "model", "churn@1.0.0", "--output", "json");
    assertThat(json.out()).contains("\"author\": \"ann\"", "\"events\": [", "\"decided\": [");
  }

  @Test
  void walksFromTheModelDownToFilesAndTellsAStepOnce() {
    List<String> lines = new java.util.ArrayList<>();
    collect(new ReceiptTree(card()).root(), lines);
    assertThat(lines)
        .contains(
            "step train (train-classifier)",
            "read rows: features v3, 10 rows",
            "step features (sql)",
            "params.query select 1",
            "code io.example.Sql abc",
            "read raw: raw",
            "file a.csv, 12 B, sha256:aa",
            "step features (sql) (see above)");
  }

  private static void collect(ReceiptTree.Node node, List<String> lines) {
    lines.add(node.text());
    lines.addAll(node.details());
    node.children().forEach(child -> collect(child, lines));
  }

  private static ModelCard card() {
    LineageInput raw = new LineageInput("raw", "raw", "/data", -1, "files:1", -1, 12);
    LineageInput rows =
        new LineageInput("rows", "features", "churn/features", 3, "c1:10:ab", 10, 9);
    LineageInput again =
        new LineageInput("more", "features", "churn/features", 3, "c1:10:ab", 10, 9);
    ModelCard plain = ModelHistory.card("churn", "1.0.0");
    return new ModelCard(
        plain.model(),
        plain.version(),
        plain.change(),
        plain.pipeline(),
        plain.artifact(),
        plain.digest(),
        plain.uri(),
        plain.run(),
        plain.at(),
        plain.by(),
        null,
        null,
        List.of(
            step("features", "sql", table(), List.of(raw)),
            step("train", "train-classifier", model(plain.digest()), List.of(rows, again))),
        List.of(
            new PinnedSource(
                "raw",
                InputKind.FILES,
                "/data",
                -1,
                "files:1",
                false,
                List.of(new PinnedFile("/data/a.csv", "a.csv", 12, 0, "sha256:aa")),
                12)),
        plain.facts(),
        plain.config());
  }

  private static OutputVersion table() {
    return new OutputVersion(
        OutputKind.TABLE, "out", "features", "churn/features", 3, "c1:10:ab", null, 10, 9, null);
  }

  private static OutputVersion model(String digest) {
    return new OutputVersion(
        OutputKind.MODEL,
        "model",
        "churn",
        "_ml/models/churn/churn/1",
        0,
        digest,
        null,
        0,
        9,
        null);
  }

  private static ReceiptStep step(
      String name, String uses, OutputVersion output, List<LineageInput> inputs) {
    List<Ingredient> ingredients =
        List.of(
            new Ingredient(Ingredient.Kind.CODE, "io.example.Sql", "abc"),
            new Ingredient(Ingredient.Kind.PARAM, "query", "select 1"));
    return new ReceiptStep(
        uses,
        new ReuseEntry(
            "churn",
            name,
            new Fingerprint("00", ingredients),
            "v1",
            Verdict.PASS,
            "r20240301-000000-aaaaaa",
            "r20240301-000000-aaaaaa-" + name + "-1",
            ModelHistory.at(1),
            List.of(output),
            new TreeMap<>(Map.of("rows", 10.0)),
            List.of(),
            List.of(),
            List.of()),
        inputs);
  }

  @Test
  void aStepNamedModelIsStillAStep() {
    Ran ran = Ran.in(directory, "explain", "churn", "model");
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("there is no pipeline churn");
    assertThat(Ran.in(directory, "explain", "model", "churn").err()).contains("names no version");
    assertThat(Ran.in(directory, "explain", "model", "chrun@1.0.0").err())
        .contains("did you mean 'churn'?");
  }
}
