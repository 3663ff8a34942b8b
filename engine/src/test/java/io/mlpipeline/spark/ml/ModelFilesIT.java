package io.mlpipeline.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesIT {

  private static PipelineModel forest;
  private static Dataset<Row> rows;

  @TempDir Path warehouse;

  @BeforeAll
  static void fit() {
    rows =
        TestSpark.session()
            .range(0, 300, 1, 1)
            .selectExpr(
                "pmod(hash(id), 50) AS a",
                "element_at(array('x','y','z'), 1 + pmod(hash(id, 2), 3)) AS b",
                "cast(pmod(hash(id), 50) > 20 AS double) AS label")
            .cache();
    forest = fit(3, 5);
  }

  @Test
  void knowsEqualModelsByContentThoughEveryFileNameTimeAndUidDiffers() {
    StagedModel one = write(forest, "one");
    StagedModel again = write(forest, "again");
    StagedModel refit = write(fit(3, 5), "refit");
    assertThat(one.digest()).matches("m1:[0-9a-f]{64}");
    assertThat(again.digest()).isEqualTo(one.digest());
    assertThat(refit.digest()).isEqualTo(one.digest());
    assertThat(paths(refit)).doesNotContainAnyElementsOf(paths(one).subList(3, 5));

    Set<String> others = new HashSet<>(Set.of(one.digest()));
    others.add(write(fit(4, 5), "seed").digest());
    others.add(write(fit(3, 6), "trees").digest());
    others.add(write(pipeline(new GBTClassifier().setSeed(1).setMaxIter(2)), "gbt").digest());
    others.add(write(pipeline(new LogisticRegression()), "lr").digest());
    assertThat(others).hasSize(5);
  }

  @Test
  void loadsWhatWasWrittenAndScoresTheSame() {
    StagedModel staged = write(forest, "m");
    assertThat(staged.files()).isSortedAccordingTo((a, b) -> a.path().compareTo(b.path()));
    assertThat(paths(staged)).noneMatch(p -> p.contains("_SUCCESS") || p.endsWith(".crc"));
    assertThat(staged.bytes()).isPositive();
    List<String> loaded = scores(ModelFiles.load(TestSpark.session(), uri(), manifest(staged)));
    assertThat(loaded).isEqualTo(scores(forest));
  }

  @Test
  void loadsAModelThatIsNoPipeline() {
    StagedModel staged = write(forest.stages()[0], "single");
    assertThat(ModelFiles.load(TestSpark.session(), uri(), manifest(staged)).uid())
        .isEqualTo(forest.stages()[0].uid());
  }

  @Test
  void neverOverwrites() {
    StagedModel first = write(forest, "m");
    assertThatThrownBy(() -> write(fit(9, 2), "m"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("m");
    assertThatCode(() -> load(first)).doesNotThrowAnyException();
  }

  @Test
  void loadsWithoutTheMarkersThatHadoopLeaves() throws IOException {
    StagedModel staged = write(forest, "m");
    try (var all = Files.walk(warehouse)) {
      for (Path file : all.filter(f -> f.toString().matches(".*(_SUCCESS|\\.crc)")).toList()) {
        Files.delete(file);
      }
    }
    assertThatCode(() -> load(staged)).doesNotThrowAnyException();
  }

  @Test
  void refusesAFileThatIsMissingCutChangedAddedOrALink() throws IOException {
    StagedModel staged = write(forest, "m");
    for (ModelFile file : staged.files()) {
      Path path = warehouse.resolve("m").resolve(file.path());
      byte[] bytes = Files.readAllBytes(path);
      Files.delete(path);
      refused(staged, file.path() + " is missing");
      Files.write(path, java.util.Arrays.copyOf(bytes, bytes.length - 1));
      refused(staged, file.path() + " has " + (bytes.length - 1) + " bytes");
      byte[] flipped = bytes.clone();
      flipped[bytes.length / 2] ^= 1;
      Files.write(path, flipped);
      refused(staged, file.path() + " is not what was written");
      Path elsewhere = Files.write(warehouse.resolve("elsewhere"), bytes);
      Files.delete(path);
      Files.createSymbolicLink(path, elsewhere);
      refused(staged, file.path() + " is a link");
      Files.delete(path);
      Files.write(path, bytes);
    }
    Path extra = Files.writeString(warehouse.resolve("m/extra.jar"), "x");
    refused(staged, "extra.jar is not in its manifest");
    Files.delete(extra);
    assertThatCode(() -> load(staged)).doesNotThrowAnyException();
  }

  @Test
  void refusesAModelThatIsAllGoneOrItselfALink() throws IOException {
    StagedModel staged = write(forest, "m");
    Files.move(warehouse.resolve("m"), warehouse.resolve("moved"));
    refused(staged, "is missing");
    Files.createSymbolicLink(warehouse.resolve("m"), warehouse.resolve("moved"));
    refused(staged, "is a link");
  }

  @Test
  void neverRunsAClassThatItsMetadataSmugglesIn() throws IOException {
    StagedModel staged = write(forest, "m");
    for (ModelFile file : staged.files()) {
      if (file.path().contains("metadata/")) {
        Path path = warehouse.resolve("m").resolve(file.path());
        String text = Files.readString(path);
        String evil = text.replaceFirst("\"class\":\"[^\"]*\"", "\"class\":\"evil.Smuggled\"");
        rewrite(path, evil);
        refused(rehashed(staged), "evil.Smuggled, which is not allowed");
        rewrite(path, "{\"class\":\"org.apache.spark.ml.A\"," + text.substring(1));
        refused(rehashed(staged), "not JSON");
        rewrite(path, text);
      }
    }
    assertThat(Boolean.getBoolean("evil.ran")).isFalse();
    assertThatCode(() -> load(rehashed(staged))).doesNotThrowAnyException();
  }

  @Test
  void refusesSqlThatCallsJavaOnWritingAndOnLoading() throws IOException {
    SQLTransformer evil =
        new SQLTransformer()
            .setStatement("SELECT *, Reflect('java.lang.Runtime', 'x') FROM __THIS__");
    assertThatThrownBy(() -> write(evil, "w"))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.STEP_FAILED))
        .hasMessageContaining("may call Java");
    StagedModel harmless =
        write(new SQLTransformer().setStatement("SELECT * FROM __THIS__"), "harmless");
    Path metadata = warehouse.resolve("harmless/metadata/part-00000");
    rewrite(
        metadata, Files.readString(metadata).replace("SELECT *", "SELECT java_method('a','b')"));
    refused(rehashed(harmless), "may call Java");
  }

  @Test
  void refusesPathsThatLeadOut() {
    StagedModel staged = write(forest, "m");
    for (String path : List.of("../m", "/etc", "a//b", "file:/etc", "", "m/..", "a\\b")) {
      ModelManifest moved =
          new ModelManifest("p", "m", staged.digest(), path, "r", "a", staged.files());
      assertThatThrownBy(() -> ModelFiles.load(TestSpark.session(), uri(), moved))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("not inside the warehouse");
    }
    List<ModelFile> files = new ArrayList<>(staged.files());
    files.add(new ModelFile("../../etc/passwd", 1, "0"));
    refused(new StagedModel("model", "m", "m", staged.digest(), files), "its manifest names");
  }

  private static PipelineModel fit(long seed, int trees) {
    return pipeline(new RandomForestClassifier().setSeed(seed).setNumTrees(trees).setMaxDepth(3));
  }

  private static PipelineModel pipeline(PipelineStage classifier) {
    PipelineStage[] stages = {
      new StringIndexer().setInputCol("b").setOutputCol("i").setStringOrderType("alphabetAsc"),
      new VectorAssembler().setInputCols(new String[] {"a", "i"}).setOutputCol("features"),
      classifier
    };
    return new Pipeline().setStages(stages).fit(rows);
  }

  private StagedModel write(PipelineStage model, String uri) {
    return ModelFiles.write((MLWritable) model, "model", "m", uri(), uri);
  }

  private String uri() {
    return warehouse.toUri().toString();
  }

  private void load(StagedModel staged) {
    ModelFiles.load(TestSpark.session(), uri(), manifest(staged));
  }

  private void refused(StagedModel staged, String message) {
    assertThatThrownBy(() -> load(staged))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.STORAGE_CORRUPT))
        .hasMessageContaining(message);
  }

  private static ModelManifest manifest(StagedModel m) {
    return new ModelManifest("p", m.name(), m.digest(), m.uri(), "r", "a", m.files());
  }

  /** The manifest that somebody would write who changed the files. */
  private StagedModel rehashed(StagedModel staged) throws IOException {
    List<ModelFile> files = new ArrayList<>();
    for (ModelFile file : staged.files()) {
      byte[] bytes = Files.readAllBytes(warehouse.resolve(staged.uri()).resolve(file.path()));
      String sha256 = HexFormat.of().formatHex(sha256().digest(bytes));
      files.add(new ModelFile(file.path(), bytes.length, sha256));
    }
    return new StagedModel("model", "m", staged.uri(), staged.digest(), files);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void rewrite(Path path, String text) throws IOException {
    Files.deleteIfExists(path.resolveSibling("." + path.getFileName() + ".crc"));
    Files.write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> scores(org.apache.spark.ml.Transformer model) {
    return model.transform(rows).select("probability").toJSON().collectAsList();
  }

  private static List<String> paths(StagedModel model) {
    return model.files().stream().map(ModelFile::path).toList();
  }
}
