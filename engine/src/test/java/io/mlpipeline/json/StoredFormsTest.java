package io.mlpipeline.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.model.Verdict;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every stored form: its golden text, its round trip, and what damage does to it. */
class StoredFormsTest {

  private static final Instant AT = Instant.parse("2024-06-01T02:00:00Z");
  private static final SortedMap<String, Double> NO_METRICS = Collections.emptySortedMap();

  private static final OutputVersion OUTPUT =
      new OutputVersion(
          OutputKind.TABLE, "rows", "events", "churn/events", 3, "c1:2:00", "5d", 2, 900, null);

  private static final FailureRecord FAILURE =
      new FailureRecord(
          "r1",
          "churn",
          "split",
          "failed",
          ErrorType.GATE_REJECTED,
          "no",
          2,
          false,
          new TreeMap<>(Map.of("rule", "a")));

  private static final GateReport GATE =
      GateReport.of(
          "events",
          List.of(
              new RuleOutcome(
                  new GateRule(
                      "rows", Severity.BLOCK, "RowCount > 1", new SourceLocation("c.conf", 7)),
                  false,
                  "too few",
                  new TreeMap<>(Map.of("RowCount", Double.NaN)))));

  private static final ReuseEntry MINIMAL =
      new ReuseEntry(
          "churn",
          "split",
          new Fingerprint("ab", List.of()),
          "cd",
          Verdict.PASS,
          "r1",
          "r1-split-1",
          AT,
          List.of(),
          NO_METRICS,
          List.of(),
          List.of(),
          List.of());

  private static final String MINIMAL_BODY =
      "\"pipeline\":\"churn\",\"step\":\"split\",\"fingerprint\":\"ab\",\"ingredients\":[],"
          + "\"verdict_key\":\"cd\",\"verdict\":\"pass\",\"run_id\":\"r1\","
          + "\"attempt\":\"r1-split-1\",\"at\":\"2024-06-01T02:00:00Z\",\"outputs\":[],"
          + "\"metrics\":{},\"rejected\":[],\"rejected_models\":[],\"gates\":[]}";

  private static final LineageEvent EVENT =
      new LineageEvent(
          "r1/0",
          LineageEvent.Kind.RUN,
          "r1",
          "churn",
          "local",
          null,
          0,
          "succeeded",
          null,
          null,
          List.of(new Ingredient(Ingredient.Kind.STEP_TYPE, "", "sql")),
          List.of(),
          List.of(OUTPUT),
          new TreeMap<>(Map.of("auc", 0.5, "inf", Double.NEGATIVE_INFINITY)),
          List.of(GATE),
          FAILURE,
          new TreeMap<>(Map.of("user", "x")),
          AT,
          AT);

  private interface Reads {
    Object read(byte[] document) throws FormException;
  }

  private record Form(String name, byte[] bytes, Object value, Reads reader) {
    String text() {
      return new String(bytes, UTF_8);
    }

    Object read(String text) throws FormException {
      return reader.read(text.getBytes(UTF_8));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Form> forms() {
    return Stream.concat(
        fixed(), IntStream.range(0, 40).boxed().flatMap(seed -> random(new Samples(seed), seed)));
  }

  private static Stream<Form> fixed() {
    Receipt receipt = new Receipt("r1", 0, List.of(EVENT));
    return Stream.of(
        new Form(
            "minimal entry",
            unsealed(ReuseEntryJson.write(MINIMAL)),
            MINIMAL,
            ReuseEntryJson::read),
        new Form("full receipt", ReceiptJson.write(receipt), receipt, ReceiptJson::read),
        new Form("failure", FailureJson.write(FAILURE), FAILURE, FailureJson::read));
  }

  /** As format 1 was, which had no seal; a seal would see every change that is tried here. */
  private static byte[] unsealed(byte[] document) {
    String text = new String(document, UTF_8);
    String open = text.substring(0, text.lastIndexOf(",\"seal\":")) + "}";
    return open.replaceFirst("\"format\":2", "\"format\":1").getBytes(UTF_8);
  }

  private static Stream<Form> random(Samples s, int seed) {
    ReuseEntry entry = s.entry(s.text(), s.text());
    LastState last = s.last();
    Receipt receipt = s.receipt(s.text(), seed);
    ModelManifest manifest = s.manifest();
    FailureRecord failure = s.failure();
    List<String> fold = List.of(s.text(), s.text());
    SortedMap<String, StatCacheJson.Seen> stats = new TreeMap<>();
    stats.put(s.text(), new StatCacheJson.Seen(seed, Long.MIN_VALUE, s.text(), s.text()));
    return Stream.of(
        new Form(
            "entry " + seed, unsealed(ReuseEntryJson.write(entry)), entry, ReuseEntryJson::read),
        new Form("last " + seed, unsealed(LastStateJson.write(last)), last, LastStateJson::read),
        new Form("receipt " + seed, ReceiptJson.write(receipt), receipt, ReceiptJson::read),
        new Form(
            "model " + seed, ModelManifestJson.write(manifest), manifest, ModelManifestJson::read),
        new Form("failure " + seed, FailureJson.write(failure), failure, FailureJson::read),
        new Form("fold " + seed, FoldJson.write(fold), fold, FoldJson::read),
        new Form("stats " + seed, StatCacheJson.write(stats), stats, StatCacheJson::read));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void comesBackAsItWas(Form form) throws FormException {
    assertThat(form.reader().read(form.bytes())).isEqualTo(form.value());
    assertThat(form.text()).matches("(?s)\\{\\s*\"format\" ?: ?[12],.*");
    assertThat(form.text()).doesNotContain(":NaN", ":Infinity", ":-Infinity", ": NaN");
  }

  @ParameterizedTest
  @MethodSource("forms")
  void toleratesFieldsThatItDoesNotKnow(Form form) throws FormException {
    String grown =
        form.text().replaceFirst("\\{", "{\"later\":{\"a\":[1,{\"b\":null}],\"c\":1e999},");
    assertThat(form.read(grown)).isEqualTo(form.value());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void missesWhatANewerEngineWrote(Form form) {
    String newer = form.text().replaceFirst("\"format\"( ?): ?[0-9]+", "\"format\"$1:99");
    assertThatThrownBy(() -> form.read(newer))
        .isInstanceOfSatisfying(
            FormException.class, e -> assertThat(e.kind()).isEqualTo(FormException.Kind.NEWER));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void missesWhatIsCutShortAnywhere(Form form) {
    byte[] whole = form.text().stripTrailing().getBytes(UTF_8);
    int stride = Math.max(1, whole.length / 50);
    for (int length = 0; length < whole.length; length += stride) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertDamaged(() -> form.reader().read(cut));
    }
    assertDamaged(() -> form.read(form.text() + form.text()));
  }

  @ParameterizedTest
  @MethodSource("fixed")
  void missesEveryFieldThatIsAbsentOrOfAnotherType(Form form) {
    Matcher field = Pattern.compile("\"([a-z_0-9]+)\":").matcher(form.text());
    int seen = 0;
    while (field.find()) {
      boolean mapKey = List.of("auc", "inf", "user", "rule", "RowCount").contains(field.group(1));
      boolean optional =
          List.of("step", "message", "failure", "schema_digest", "later").contains(field.group(1));
      String before = form.text().substring(0, field.start(1));
      String after = form.text().substring(field.end(1));
      if (!mapKey && !optional) {
        assertDamaged(() -> form.read(before + "renamed" + after));
      }
      String wrong = before + field.group(1) + "\":[[]],\"x" + after;
      assertDamaged(() -> form.read(wrong));
      seen++;
    }
    assertThat(seen).isGreaterThan(8);
  }

  private static void assertDamaged(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FormException.class, e -> assertThat(e.kind()).isEqualTo(FormException.Kind.DAMAGED));
  }

  @Test
  void minimalEntryAndStateLookLikeThis() throws FormException {
    String body = MINIMAL_BODY.substring(0, MINIMAL_BODY.length() - 1);
    assertThat(new String(ReuseEntryJson.write(MINIMAL), UTF_8))
        .matches(Pattern.quote("{\"format\":2," + body + ",\"seal\":\"") + "[0-9a-f]{64}\"}");
    LastState last = new LastState("churn", new TreeMap<>(Map.of("split", MINIMAL)));
    assertThat(new String(LastStateJson.write(last), UTF_8))
        .matches(
            Pattern.quote(
                    "{\"format\":2,\"pipeline\":\"churn\",\"steps\":{\"split\":{"
                        + MINIMAL_BODY
                        + "},\"seal\":\"")
                + "[0-9a-f]{64}\"}");
    assertThat(ReuseEntryJson.read(ReuseEntryJson.write(MINIMAL))).isEqualTo(MINIMAL);
    assertThat(LastStateJson.read(LastStateJson.write(last))).isEqualTo(last);
  }

  @Test
  void fullReceiptLooksLikeThis() {
    assertThat(new String(ReceiptJson.write(new Receipt("r1", 0, List.of(EVENT))), UTF_8))
        .isEqualTo(
            """
            {"format":1,"run_id":"r1","ordinal":0,"events":[{"id":"r1/0","kind":"run",\
            "run_id":"r1","pipeline":"churn","environment":"local","attempt":0,\
            "status":"succeeded","ingredients":["step_type","","sql"],"inputs":[],"outputs":[\
            {"name":"events","kind":"table","port":"rows","version":3,"digest":"c1:2:00",\
            "schema_digest":"5d","rows":2,"bytes":900,"uri":"churn/events"}],\
            "metrics":{"auc":0.5,"inf":"-Infinity"},"gates":[{"dataset":"events",\
            "verdict":"reject","outcomes":[{"rule":"rows","severity":"block",\
            "text":"RowCount > 1","file":"c.conf","line":7,"passed":false,"message":"too few",\
            "observed":{"RowCount":"NaN"}}]}],"failure":{"run_id":"r1","pipeline":"churn",\
            "step":"split","status":"failed","error_type":"gate-rejected","message":"no",\
            "attempt":2,"retryable":false,"diagnostics":{"rule":"a"}},"facts":{"user":"x"},\
            "started":"2024-06-01T02:00:00Z","ended":"2024-06-01T02:00:00Z"}]}\
            """);
  }

  @Test
  void manifestIsForPeopleToo() {
    ModelManifest manifest =
        new ModelManifest(
            "churn", "lr", "m1:0a", "u", "r1", "r1-t-1", List.of(new ModelFile("a", 1, "ff")));
    assertThat(new String(ModelManifestJson.write(manifest), UTF_8))
        .startsWith("{\n  \"format\": 2,\n  \"pipeline\": \"churn\",\n")
        .contains("    {\n      \"path\": \"a\",\n      \"size\": 1,\n")
        .endsWith("}\n");
  }

  @Test
  void manifestSaysWhatTheModelTakesAndGives() throws FormException {
    ModelSignature.Field age = new ModelSignature.Field("age", "int");
    ModelSignature signature = new ModelSignature("clustering", List.of(age), null, List.of());
    ModelManifest manifest =
        new ModelManifest("churn", "lr", "m1:0a", "u", "r1", "r1-t-1", List.of(), signature);
    String written = new String(ModelManifestJson.write(manifest), UTF_8);
    assertThat(written)
        .contains("  \"signature\": {\n    \"task\": \"clustering\",\n    \"inputs\": [\n");
    String sealed = written.substring(0, written.indexOf(",\n  \"seal\"")) + "\n}\n";
    String before = sealed.replace("\"format\": 2", "\"format\": 1");
    assertThat(ModelManifestJson.read(before.getBytes(UTF_8))).isEqualTo(manifest);
    String without = before.substring(0, before.indexOf(",\n  \"signature\"")) + "\n}\n";
    assertThat(ModelManifestJson.read(without.getBytes(UTF_8)).signature()).isNull();
    for (String altered : List.of(sealed, written.replace("\"int\"", "\"double\""))) {
      assertThatThrownBy(() -> ModelManifestJson.read(altered.getBytes(UTF_8)))
          .isInstanceOfSatisfying(
              FormException.class, e -> assertThat(e.kind()).isEqualTo(FormException.Kind.DAMAGED));
    }
  }

  @Test
  void reportHasTheDocumentedShape() {
    StepReport step =
        new StepReport(
            "split",
            "execute",
            "first run",
            StepStatus.SUCCEEDED,
            0.12345,
            1,
            null,
            NO_METRICS,
            List.of(OUTPUT),
            List.of(),
            null);
    RunReport report =
        new RunReport(
            new RunId("r20240601-020000-1f3a9c"),
            "churn",
            "local",
            RunStatus.FAILED,
            AT,
            2,
            List.of(step),
            FAILURE,
            "file:/w",
            "_ml/receipts/x/0000.json");
    assertThat(new String(RunReportJson.write(report), UTF_8).replaceAll("\\n *", ""))
        .isEqualTo(
            """
            {"format": 1,"run_id": "r20240601-020000-1f3a9c","pipeline": "churn",\
            "environment": "local","status": "failed","started": "2024-06-01T02:00:00Z",\
            "seconds": 2.0,"steps": [{"name": "split","decision": "execute",\
            "reason": "first run","status": "succeeded","seconds": 0.123,"attempts": 1,\
            "metrics": {},"outputs": [{"name": "events","kind": "table","port": "rows",\
            "version": 3,"digest": "c1:2:00","schema_digest": "5d","rows": 2,"bytes": 900,\
            "uri": "churn/events"}],"gates": []}],"warehouse": "file:/w",\
            "receipt": "_ml/receipts/x/0000.json","failure": {"run_id": "r1",\
            "pipeline": "churn","step": "split","status": "failed",\
            "error_type": "gate-rejected","message": "no","attempt": 2,"retryable": false,\
            "diagnostics": {"rule": "a"}}}\
            """);
  }

  @Test
  void halfOfASurrogatePairIsReplaced() throws FormException {
    FailureRecord odd =
        new FailureRecord(
            "r1",
            "p",
            null,
            "failed",
            ErrorType.STEP_FAILED,
            "a\ud83dz",
            1,
            false,
            new TreeMap<>(Map.of("\udc00", "\ud800")));
    FailureRecord read = FailureJson.read(FailureJson.write(odd));
    assertThat(read.message()).isEqualTo("a\ufffdz");
    assertThat(read.diagnostics()).isEqualTo(Map.of("\ufffd", "\ufffd"));
  }

  @Test
  void deepNestingIsDamageAndNoOverflow() {
    String deep = "{\"format\":1,\"x\":" + "[".repeat(100_000);
    assertDamaged(() -> FoldJson.read(deep.getBytes(UTF_8)));
  }

  @Test
  void numbersThatDoNotFitAreDamage() {
    for (String ordinal : List.of("2147483648", "1.5", "1e3", "99999999999999999999", "\"1\"")) {
      assertDamaged(
          () ->
              ReceiptJson.read(
                  ("{\"format\":1,\"run_id\":\"r\",\"ordinal\":" + ordinal + ",\"events\":[]}")
                      .getBytes(UTF_8)));
    }
  }
}
