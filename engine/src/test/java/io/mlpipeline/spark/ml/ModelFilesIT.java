package io.mlpipeline.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.ml.Doubled;
import com.example.ml.EvilType;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.testkit.Folders;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
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

  @TempDir static Path once;
  private static PipelineModel forest;
  private static StagedModel template;
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
    template = ModelFiles.write(forest, "model", "m", once.toUri().toString(), "m");
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
    StagedModel staged = written();
    assertThat(staged.files()).isSortedAccordingTo((a, b) -> a.path().compareTo(b.path()));
    assertThat(paths(staged)).noneMatch(p -> p.contains("_SUCCESS") || p.endsWith(".crc"));
    assertThat(staged.bytes()).isPositive();
    List<String> loaded =
        scores(ModelFiles.load(TestSpark.session(), uri(), manifest(staged), List.of()));
    assertThat(loaded).isEqualTo(scores(forest));
  }

  @Test
  void loadsAModelThatIsNoPipeline() {
    StagedModel staged = write(forest.stages()[0], "single");
    assertThat(ModelFiles.load(TestSpark.session(), uri(), manifest(staged), List.of()).uid())
        .isEqualTo(forest.stages()[0].uid());
  }

  @Test
  void neverOverwrites() {
    StagedModel first = written();
    assertThatThrownBy(() -> write(fit(9, 2), "m"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("m");
    assertThatCode(() -> load(first)).doesNotThrowAnyException();
  }

  @Test
  void loadsWithoutTheMarkersThatHadoopLeaves() throws IOException {
    StagedModel staged = written();
    try (var all = Files.walk(warehouse)) {
      for (Path file : all.filter(f -> f.toString().matches(".*(_SUCCESS|\\.crc)")).toList()) {
        Files.delete(file);
      }
    }
    assertThatCode(() -> load(staged)).doesNotThrowAnyException();
  }

  @Test
  void refusesAFileThatIsMissingCutChangedAddedOrALink() throws IOException {
    StagedModel staged = written();
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
    assertThatCode(() -> load(staged)).doesNotThrowAnyException();
  }

  @Test
  void refusesEverythingThatIsThereBesideByName() throws IOException {
    StagedModel staged = written();
    String data = directoryOf(staged, ".parquet");
    for (String extra :
        List.of(
            "extra.jar",
            ".hidden",
            data + "part-99.parquet",
            data + ".part-99.parquet.crc",
            "metadata/part-00001",
            "metadata/_started",
            "other/_SUCCESS",
            "other/a/b")) {
      Path path = warehouse.resolve("m").resolve(extra);
      Files.createDirectories(path.getParent());
      Files.writeString(path, extra.endsWith("_SUCCESS") ? "" : "x");
      String first = extra.startsWith("other/") ? "other/" : extra;
      refused(staged, "model m in m: " + first + " is not in its manifest");
      Files.delete(path);
    }
    Files.deleteIfExists(warehouse.resolve("m/other/a"));
    refused(staged, "other/ is not in its manifest");
    Files.delete(warehouse.resolve("m/other"));
    assertThatCode(() -> load(staged)).doesNotThrowAnyException();
  }

  @Test
  void aMarkOfHadoopsHoldsNothingElse() throws IOException {
    StagedModel staged = written();
    Path success = warehouse.resolve("m/metadata/_SUCCESS");
    Files.deleteIfExists(success.resolveSibling("._SUCCESS.crc"));
    Files.writeString(success, "payload");
    refused(staged, "metadata/_SUCCESS is not in its manifest");
    Files.writeString(success, "");
    Path crc = warehouse.resolve("m/metadata/.part-00000.crc");
    byte[] known = Files.readAllBytes(crc);
    Files.write(crc, java.util.Arrays.copyOf(known, 5000));
    refused(staged, "metadata/.part-00000.crc is not in its manifest");
    Files.write(crc, known);
    assertThatCode(() -> load(staged)).doesNotThrowAnyException();
  }

  @Test
  void refusesAManifestThatWasMadeToFitAlteredFiles() throws IOException {
    StagedModel staged = written();
    Path metadata = warehouse.resolve("m").resolve(path(staged, "stages/0_", "metadata"));
    String text = Files.readString(metadata);
    rewrite(metadata, text.replace("alphabetAsc", "alphabetDesc"));
    refused(staged, "bytes instead of");
    refused(rehashed(staged), "its manifest was altered: the files have the digest m1:");
    rewrite(metadata, text);
    String data = path(staged, "stages/2_", "data");
    Path other = warehouse.resolve("m").resolve(data);
    StagedModel seed = write(fit(4, 5), "seed");
    byte[] trees =
        Files.readAllBytes(warehouse.resolve("seed").resolve(path(seed, "stages/2_", "data")));
    Files.deleteIfExists(other.resolveSibling("." + other.getFileName() + ".crc"));
    Files.write(other, trees);
    refused(rehashed(staged), "its manifest was altered");
  }

  @Test
  void neverFollowsAPathThatItsMetadataNames() throws IOException {
    StagedModel staged = written();
    Path top = warehouse.resolve("m/metadata/part-00000");
    String text = Files.readString(top);
    rewrite(top, text.replace("\"stageUids\":[", "\"stageUids\":[\"x/../../../evil\","));
    refused(rehashed(staged), "the uid 'x/../../../evil', which is no safe name");
    rewrite(top, text.replaceFirst("\"uid\":\"", "\"uid\":\"a--"));
    refused(rehashed(staged), "which is no safe name");
    rewrite(top, "{\"maps\":[{\"isJson\":\"false\",\"value\":\"../evil\"}]," + text.substring(1));
    refused(rehashed(staged), "refers to '../evil', which is not inside the model");
  }

  @Test
  void neverMakesAColumnTypeThatADataFileSmugglesIn() throws Exception {
    StagedModel staged = written();
    Path data = warehouse.resolve("m").resolve(path(staged, "stages/0_", "data"));
    Files.delete(data);
    Files.deleteIfExists(data.resolveSibling("." + data.getFileName() + ".crc"));
    String type =
        "{\"type\":\"udt\",\"class\":\""
            + EvilType.class.getName()
            + "\",\"pyClass\":null,\"sqlType\":\"string\"}";
    String schema =
        "{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":"
            + type
            + ",\"nullable\":true,\"metadata\":{}}]}";
    MessageType columns =
        MessageTypeParser.parseMessageType("message m { required binary a (UTF8); }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(data.toUri()))
            .withType(columns)
            .withExtraMetaData(Map.of("org.apache.spark.sql.parquet.row.metadata", schema))
            .build()) {
      writer.write(new SimpleGroupFactory(columns).newGroup().append("a", "x"));
    }
    TestSpark.session().read().parquet(data.toString());
    assertThat(System.clearProperty("evil.type.ran")).as("it is an attack").isEqualTo("true");
    refused(rehashed(staged), "names the column type " + EvilType.class.getName());
    assertThat(Boolean.getBoolean("evil.type.ran")).isFalse();
  }

  @Test
  void loadsClassesThatThePipelineTrusts() {
    Doubled own = new Doubled("own");
    assertThatThrownBy(() -> write(own, "untrusted"))
        .hasMessageContaining("names the class com.example.ml.Doubled, which is not trusted")
        .hasMessageContaining("`model-classes`");
    for (String trusted : List.of("com.example.ml.", "com.example.ml.Doubled")) {
      List<String> classes = List.of(trusted);
      StagedModel staged = ModelFiles.write(own, "model", "m", uri(), trusted, classes);
      refused(staged, "com.example.ml.Doubled, which is not trusted");
      assertThat(
              ModelFiles.load(TestSpark.session(), uri(), manifest(staged), classes)
                  .transform(rows)
                  .columns())
          .contains("doubled");
    }
    assertThatThrownBy(
            () -> ModelFiles.write(own, "model", "m", uri(), "w", List.of("com.example.ml.Dou")))
        .hasMessageContaining("is not trusted");
  }

  @Test
  void saysWhichJarIsMissingOrWhatSparkCouldNotLoad() throws IOException {
    List<String> classes = List.of("com.example.ml.");
    StagedModel staged = ModelFiles.write(new Doubled("own"), "model", "m", uri(), "m", classes);
    Path metadata = warehouse.resolve("m/metadata/part-00000");
    String text = Files.readString(metadata);
    rewrite(metadata, text.replace("ml.Doubled", "ml.Gone"));
    StagedModel gone = forged(staged);
    unloadable(gone, classes, "its class com.example.ml.Gone is on no class path: name its jar");
    rewrite(metadata, text.replace("\"paramMap\":{}", "\"paramMap\":{\"unheardOf\":1}"));
    unloadable(forged(staged), classes, "Spark 3.5");
  }

  private void unloadable(StagedModel staged, List<String> classes, String message) {
    assertThatThrownBy(() -> ModelFiles.load(TestSpark.session(), uri(), manifest(staged), classes))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.type()).isEqualTo(ErrorType.ENVIRONMENT_INVALID))
        .hasMessageStartingWith("model m in m: ")
        .hasMessageContaining(message);
  }

  @Test
  void refusesAModelThatIsAllGoneOrItselfALink() throws IOException {
    StagedModel staged = written();
    Files.move(warehouse.resolve("m"), warehouse.resolve("moved"));
    refused(staged, "is missing");
    Files.createSymbolicLink(warehouse.resolve("m"), warehouse.resolve("moved"));
    refused(staged, "is a link");
  }

  @Test
  void neverRunsAClassThatItsMetadataSmugglesIn() throws IOException {
    StagedModel staged = written();
    for (ModelFile file : staged.files()) {
      if (file.path().contains("metadata/")) {
        Path path = warehouse.resolve("m").resolve(file.path());
        String text = Files.readString(path);
        String evil = text.replaceFirst("\"class\":\"[^\"]*\"", "\"class\":\"evil.Smuggled\"");
        rewrite(path, evil);
        refused(rehashed(staged), "evil.Smuggled, which is not trusted");
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
        .hasMessageContaining("may call Java: Reflect");
    StagedModel harmless =
        write(new SQLTransformer().setStatement("SELECT * FROM __THIS__"), "harmless");
    Path metadata = warehouse.resolve("harmless/metadata/part-00000");
    rewrite(
        metadata, Files.readString(metadata).replace("SELECT *", "SELECT java_method('a','b')"));
    refused(rehashed(harmless), "may call Java");
  }

  @Test
  void refusesPathsThatLeadOut() {
    StagedModel staged = written();
    for (String path : List.of("../m", "/etc", "a//b", "file:/etc", "", "m/..", "a\\b")) {
      ModelManifest moved =
          new ModelManifest("p", "m", staged.digest(), path, "r", "a", staged.files());
      assertThatThrownBy(() -> ModelFiles.load(TestSpark.session(), uri(), moved, List.of()))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("not inside the warehouse");
    }
    List<ModelFile> files = new ArrayList<>(staged.files());
    files.add(new ModelFile("../../etc/passwd", 1, "0"));
    refused(
        new StagedModel("model", "m", "m", staged.digest(), files),
        "its manifest names '../../etc/passwd', which is not inside it");
  }

  @Test
  void takesSqlForWhatSparkWouldTakeItFor() {
    ModelSql sql = new ModelSql(TestSpark.session());
    Map<String, String> refused = new LinkedHashMap<>();
    refused.put("SELECT `reflect`('java.lang.Runtime', 'x') FROM __THIS__", "may call Java");
    refused.put("SELECT re/**/flect('a', 'b') FROM __THIS__", "cannot parse");
    refused.put("SELECT REFLECT /* x */ ('a', 'b') FROM __THIS__", "may call Java");
    refused.put("SELECT 1 FROM __THIS__ WHERE EXISTS (SELECT java_method('a', 'b'))", "Java");
    refused.put("WITH w AS (SELECT reflect('a', 'b') x) SELECT * FROM w, __THIS__", "Java");
    refused.put("SELECT * FROM __THIS__ ORDER BY transform(array(1), x -> reflect('a'))", "Java");
    refused.put("SELECT * FROM __THIS__ LATERAL VIEW reflect('a', 'b') t AS c", "Java");
    refused.put("SELECT builtin.reflect('a', 'b') FROM __THIS__", "no function of Spark's own");
    refused.put("SELECT their_own(a) FROM __THIS__", "calls their_own");
    refused.put("SELECT TRANSFORM (a) USING 'touch x' AS (b) FROM __THIS__", "more than a query");
    refused.put("FROM __THIS__ MAP a USING 'touch x' AS b", "more than a query");
    refused.put("ADD JAR '/tmp/evil.jar'", "more than a query");
    refused.put("CREATE TEMPORARY FUNCTION f AS 'evil.F' USING JAR '/x.jar'", "more than a query");
    refused.put(
        "INSERT OVERWRITE DIRECTORY '/tmp/x' USING csv SELECT * FROM __THIS__", "more than");
    refused.put("CREATE TABLE t AS SELECT * FROM __THIS__", "more than a query");
    refused.put("SET spark.sql.ansi.enabled = true", "more than a query");
    refused.put("DROP TABLE t", "more than a query");
    refused.put("SELECT * FROM parquet.`/etc/data`", "reads parquet./etc/data");
    refused.put("SELECT * FROM __THIS__ JOIN prices USING (a)", "reads prices");
    refused.put("SELECT * FROM range(5)", "more than a query");
    refused.forEach(
        (one, why) -> assertThat(sql.findProblem(one).orElse("")).as(one).contains(why));
    for (String fine :
        List.of(
            "SELECT *, a + 1 AS b, upper(c) AS d, reflect FROM __THIS__",
            "SELECT *, 'reflect(1)' AS text FROM __THIS__ -- java_method('a')",
            "WITH w AS (SELECT a, max(b) m FROM __THIS__ GROUP BY a HAVING count(*) > 1)"
                + " SELECT t.*, w.m FROM __THIS__ t LEFT JOIN W ON t.a = w.a WHERE t.a > 0",
            "SELECT a, explode(split(b, ',')) c FROM __THIS__",
            "SELECT a, row_number() OVER (PARTITION BY a ORDER BY b) n FROM __THIS__",
            "SELECT a, x FROM __THIS__ LATERAL VIEW explode(b) t AS x LIMIT 10",
            "SELECT a FROM __THIS__ UNION ALL SELECT b FROM __THIS__",
            "SELECT transform(a, x -> x + 1) AS a FROM __THIS__ SORT BY a")) {
      assertThat(sql.findProblem(fine)).as(fine).isEmpty();
    }
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

  /** A copy of the forest's files: writing takes seconds. */
  private StagedModel written() {
    Folders.copy(once, warehouse);
    return template;
  }

  private StagedModel write(PipelineStage model, String uri) {
    return ModelFiles.write((MLWritable) model, "model", "m", uri(), uri);
  }

  private String uri() {
    return warehouse.toUri().toString();
  }

  private void load(StagedModel staged) {
    ModelFiles.load(TestSpark.session(), uri(), manifest(staged), List.of());
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

  /** The manifest of a model that somebody would make from the start, digest and all. */
  private StagedModel forged(StagedModel staged) throws IOException {
    StagedModel whole = rehashed(staged);
    ModelDirectory directory =
        new ModelDirectory(
            TestSpark.session().sessionState().newHadoopConf(),
            uri(),
            staged.uri(),
            problem -> new EngineException(ErrorType.INTERNAL_ERROR, problem));
    return new StagedModel("model", "m", whole.uri(), directory.read().digest(), whole.files());
  }

  private static String path(StagedModel model, String start, String part) {
    return paths(model).stream()
        .filter(p -> p.startsWith(start) && p.contains("/" + part + "/"))
        .findFirst()
        .orElseThrow();
  }

  private static String directoryOf(StagedModel model, String end) {
    String file = paths(model).stream().filter(p -> p.endsWith(end)).findFirst().orElseThrow();
    return file.substring(0, file.lastIndexOf('/') + 1);
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
