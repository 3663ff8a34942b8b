package io.mlpipeline.json;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.QuarantineReport;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.model.Waiver;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values of every stored type, drawn with a seed; hostile texts and numbers included. */
public final class Samples {

  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "features",
          "I\u0307stanbul",
          "line\nbreak\r\t",
          "\"quoted\\\"",
          "\u0000\u001b[31m",
          "</script>",
          "\ud83d\ude00 smile",
          "\u202e",
          "null",
          "NaN",
          "x".repeat(3000));

  private static final double[] NUMBERS = {
    0,
    -0.0,
    1,
    0.1,
    -1e308,
    Double.MIN_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    1e22
  };

  private final Random random;

  public Samples(long seed) {
    this.random = new Random(seed);
  }

  public String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private String maybe() {
    return random.nextBoolean() ? null : text();
  }

  private String hex() {
    return String.format(java.util.Locale.ROOT, "%016x", random.nextLong()).repeat(4);
  }

  private <T> List<T> some(Supplier<T> one) {
    return Stream.generate(one).limit(random.nextInt(4)).toList();
  }

  private <E> E any(E[] values) {
    return values[random.nextInt(values.length)];
  }

  private SortedMap<String, Double> metrics() {
    SortedMap<String, Double> map = new TreeMap<>();
    some(this::text).forEach(k -> map.put(k, NUMBERS[random.nextInt(NUMBERS.length)]));
    return map;
  }

  private SortedMap<String, String> texts() {
    SortedMap<String, String> map = new TreeMap<>();
    some(this::text).forEach(k -> map.put(k, text()));
    return map;
  }

  /** To the microsecond, which is what every stored form keeps. */
  public Instant instant() {
    return Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000) * 1000L);
  }

  public Ingredient ingredient() {
    return new Ingredient(any(Ingredient.Kind.values()), text(), text());
  }

  public OutputVersion output() {
    return new OutputVersion(
        any(OutputKind.values()),
        text(),
        text(),
        text(),
        random.nextLong(),
        text(),
        maybe(),
        random.nextLong(),
        random.nextInt(),
        null);
  }

  public GateReport gate() {
    return new GateReport(
        text(),
        any(Verdict.values()),
        some(
            () ->
                new RuleOutcome(
                    new GateRule(
                        text(),
                        any(Severity.values()),
                        text(),
                        new SourceLocation(text(), random.nextInt(99))),
                    random.nextBoolean(),
                    maybe(),
                    metrics(),
                    random.nextBoolean() ? waiver() : null)),
        random.nextBoolean()
            ? new QuarantineReport(
                random.nextInt(99),
                new TreeMap<>(Map.of(text(), (long) random.nextInt(99))),
                random.nextBoolean() ? output() : null)
            : null);
  }

  public Waiver waiver() {
    return new Waiver(
        text(), text(), text(), text(), text(), text(), text(), instant(), LocalDate.EPOCH);
  }

  public ModelFile modelFile() {
    return new ModelFile(text(), random.nextLong(), hex());
  }

  public StagedTable stagedTable() {
    return new StagedTable(
        text(),
        text(),
        text(),
        text(),
        text(),
        some(this::text),
        some(
            () ->
                new DataFile(text(), texts(), random.nextLong(), random.nextLong(), -1, maybe())));
  }

  public ReuseEntry entry(String pipeline, String step) {
    return new ReuseEntry(
        pipeline,
        step,
        new Fingerprint(hex(), some(this::ingredient)),
        hex(),
        any(Verdict.values()),
        text(),
        text(),
        instant(),
        some(this::output),
        metrics(),
        some(this::stagedTable),
        some(
            () ->
                new StagedModel(
                    text(), text(), text(), text(), some(this::modelFile), signature())),
        some(this::gate));
  }

  public LastState last() {
    SortedMap<String, ReuseEntry> steps = new TreeMap<>();
    some(this::text).forEach(s -> steps.put(s, entry("churn", s)));
    return new LastState("churn", steps);
  }

  public ModelManifest manifest() {
    return new ModelManifest(
        text(), text(), text(), text(), text(), text(), some(this::modelFile), signature());
  }

  private @Nullable ModelSignature signature() {
    if (random.nextBoolean()) {
      return null;
    }
    return new ModelSignature(
        any(ModelSignature.TASKS.toArray(String[]::new)),
        fields(random.nextInt(4)),
        random.nextBoolean() ? null : new ModelSignature.Field(text(), text()),
        fields(random.nextInt(3)));
  }

  private List<ModelSignature.Field> fields(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ModelSignature.Field(i + text(), text()))
        .toList();
  }

  public FailureRecord failure() {
    return new FailureRecord(
        text(),
        text(),
        maybe(),
        text(),
        any(ErrorType.values()),
        text(),
        random.nextInt(),
        random.nextBoolean(),
        texts());
  }

  public LineageEvent event(String run, int ordinal) {
    return event(run, ordinal, any(LineageEvent.Kind.values()), text());
  }

  public LineageEvent event(String run, int ordinal, LineageEvent.Kind kind, String pipeline) {
    return new LineageEvent(
        run + "/" + ordinal,
        kind,
        run,
        pipeline,
        text(),
        maybe(),
        random.nextInt(9),
        text(),
        maybe(),
        maybe(),
        some(this::ingredient),
        some(
            () ->
                new LineageInput(
                    text(), text(), text(), random.nextLong(), text(), -1, random.nextLong())),
        some(this::output),
        metrics(),
        some(this::gate),
        random.nextBoolean() ? null : failure(),
        texts(),
        instant(),
        instant());
  }

  public Receipt receipt(String run, int ordinal) {
    return new Receipt(
        run, ordinal, List.of(event(run, 10 * ordinal), event(run, 10 * ordinal + 1)));
  }

  public RunReport report() {
    return new RunReport(
        RunId.of(instant(), random.nextInt()),
        text(),
        text(),
        any(RunStatus.values()),
        instant(),
        1.23456,
        some(this::step),
        random.nextBoolean() ? null : failure(),
        text(),
        text());
  }

  private StepReport step() {
    return new StepReport(
        text(),
        text(),
        text(),
        any(StepStatus.values()),
        0.5,
        1,
        maybe(),
        metrics(),
        some(this::output),
        some(this::gate),
        random.nextBoolean() ? null : failure());
  }
}
