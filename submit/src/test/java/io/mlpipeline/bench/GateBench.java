package io.mlpipeline.bench;

import com.amazon.deequ.VerificationSuite;
import com.amazon.deequ.analyzers.Analyzer;
import com.amazon.deequ.analyzers.Completeness;
import com.amazon.deequ.analyzers.Compliance;
import com.amazon.deequ.analyzers.Mean;
import com.amazon.deequ.analyzers.StandardDeviation;
import com.amazon.deequ.metrics.Metric;
import com.sun.management.OperatingSystemMXBean;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.TableLog.CommitInfo;
import io.mlpipeline.spark.SparkOptions;
import io.mlpipeline.spark.SparkSessions;
import io.mlpipeline.step.StepOutput;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * What gates cost: the same rows are published without and with rules, in turn and warm, in one
 * JVM. {@code -Pbench -Dbench.workload=gates} runs it; {@code bench.rows} and {@code bench.pairs}
 * say how much, {@code bench.sides} which, with semicolons, if not all.
 *
 * <p>Every side gets warm by the same two runs over an eighth as many rows: that compiles the same
 * code, for Spark generates it from the plan, and the plan is the same.
 */
class GateBench {

  private static final String[] COLUMNS = {
    "id", "k", "n", "amount", "day", "x", "y", "z", "name", "country", "ts", "ok"
  };
  private static final SourceLocation AT = new SourceLocation("bench", 1);
  private static final String BASE = "no gate";
  private static final String PLAIN = "plain write";

  private static final int WARM_UPS = 2;
  private static final int FEWER = 8;

  @TempDir private Path directory;
  private int runs;
  private String rows = "none";

  /** What one run took: by the clock, and of all the processors' time. */
  private record Took(double seconds, double busy) {}

  /** Something that is timed. */
  private interface Side {
    void run() throws Exception;
  }

  @Test
  void measures() throws Exception {
    if (!Arrays.asList(setting("workload", "").split(",")).contains("gates")) {
      return;
    }
    Warehouse warehouse = Warehouse.open(directory.resolve("wh").toString(), directory);
    SparkOptions options = new SparkOptions("bench", 1, Map.of());
    try (SparkSessions sessions =
        SparkSessions.start(
            options,
            warehouse.uri(),
            warehouse.tables(),
            warehouse.models(),
            warehouse.gates(),
            warehouse.ledger())) {
      long all = Long.parseLong(setting("rows", "8000000"));
      makeRows(sessions, "few", all / FEWER);
      makeRows(sessions, "all", all);
      Map<String, Side> sides = sides(sessions, warehouse);
      String chosen = setting("sides", "");
      if (!chosen.isEmpty()) {
        sides.keySet().retainAll(Arrays.asList(chosen.split(";")));
      }
      report(measure(sides), all);
    }
  }

  private Map<String, Side> sides(SparkSessions sessions, Warehouse warehouse) {
    Map<String, Side> sides = new LinkedHashMap<>();
    sides.put(PLAIN, () -> write(sessions, List.of()));
    sides.put(BASE, () -> publish(sessions, warehouse, List.of()));
    sides.put("20 statistics rules", () -> publish(sessions, warehouse, ofStatistics()));
    sides.put("20 scan rules", () -> publish(sessions, warehouse, rules(20)));
    sides.put("200 scan rules", () -> publish(sessions, warehouse, rules(200)));
    List<String> unique = new ArrayList<>(rules(20));
    unique.addAll(List.of("IsUnique \"id\"", "Uniqueness \"name\" > 0.1", "IsUnique \"id\" \"k\""));
    sides.put("20 scan + 3 unique", () -> publish(sessions, warehouse, unique));
    sides.put("write, suite of 20", () -> write(sessions, analyzers(20)));
    sides.put("write, suite of 200", () -> write(sessions, analyzers(200)));
    return sides;
  }

  private Map<String, List<Took>> measure(Map<String, Side> sides) throws Exception {
    int pairs = Integer.parseInt(setting("pairs", "3"));
    rows = "few";
    for (int round = 0; round < WARM_UPS; round++) {
      measureOnce(sides);
    }
    rows = "all";
    Map<String, List<Took>> counted = new LinkedHashMap<>();
    for (int round = 0; round < pairs; round++) {
      measureOnce(sides)
          .forEach(
              (side, took) -> counted.computeIfAbsent(side, key -> new ArrayList<>()).add(took));
    }
    return counted;
  }

  private Map<String, Took> measureOnce(Map<String, Side> sides) throws Exception {
    Map<String, Took> round = new LinkedHashMap<>();
    for (Map.Entry<String, Side> side : sides.entrySet()) {
      long busy = busyNanos();
      long start = System.nanoTime();
      side.getValue().run();
      double seconds = (System.nanoTime() - start) / 1e9;
      round.put(side.getKey(), new Took(seconds, (busyNanos() - busy) / 1e9));
      clear();
    }
    return round;
  }

  private static long busyNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private Path rows() {
    return directory.resolve(rows);
  }

  private void makeRows(SparkSessions sessions, String name, long count) {
    try (AttemptSession session = open(sessions, GateSpec.OPEN)) {
      session
          .context()
          .spark()
          .range(count)
          .selectExpr(
              "id",
              "cast(id % 1000 as int) k",
              "cast(xxhash64(id) % 100000 as int) n",
              "cast(id % 100000 / 7 as decimal(12,2)) amount",
              "date_add(date'2020-01-01', cast(id % 1500 as int)) day",
              "rand(1) * 1000 x",
              "randn(2) y",
              "cast(id % 77 as double) z",
              "concat('user-', xxhash64(id) % 1000000) name",
              "element_at(array('DE','FR','US','IT'), cast(id % 4 as int) + 1) country",
              "timestamp_micros(1600000000000000 + id * 1000000) ts",
              "id % 3 = 0 ok")
          .write()
          .parquet(directory.resolve(name).toString());
    }
  }

  private AttemptSession open(SparkSessions sessions, GateSpec gate) {
    OutputSpec output = output(gate);
    StepSpec step =
        new StepSpec(
            "bench", "sql", new TreeMap<>(), Params.NONE, List.of(output), RuntimeSpec.DEFAULT, AT);
    String run = "r20240601-020000-" + String.format(Locale.ROOT, "%06x", ++runs);
    return sessions.open(
        new AttemptCall("bench", run, run + "-bench-1", step, List.of(), List.of()));
  }

  private OutputSpec output(GateSpec gate) {
    return new OutputSpec("rows", "out" + runs, null, List.of(), List.of(), gate, AT);
  }

  /** Stages, judges and commits, as a step's attempt does. */
  private void publish(SparkSessions sessions, Warehouse warehouse, List<String> texts) {
    List<GateRule> rules =
        texts.stream().map(text -> new GateRule(text, Severity.BLOCK, text, AT)).toList();
    GateSpec gate = new GateSpec(rules);
    OutputSpec output = output(gate);
    try (AttemptSession session = open(sessions, gate)) {
      SparkSession spark = session.context().spark();
      StepOutput rows = StepOutput.table("rows", spark.read().parquet(rows().toString()));
      StagedTable table = session.stage(rows).tables().get(0);
      Audited audited = session.audit(table, output);
      if (audited.gate().verdict() == Verdict.REJECT) {
        boolean isExpected = texts.stream().anyMatch(text -> text.startsWith("Uniq"));
        if (!isExpected) {
          throw new IllegalStateException(audited.gate().toString());
        }
      }
      String attempt = table.attempt();
      warehouse.tables().replace(table, -1, new CommitInfo("bench", "bench", attempt, attempt));
    }
  }

  /** What one would do without the engine. */
  private void write(SparkSessions sessions, List<Analyzer<?, Metric<?>>> analyzers) {
    try (AttemptSession session = open(sessions, GateSpec.OPEN)) {
      SparkSession spark = session.context().spark();
      String target = directory.resolve("wh/bench/plain").toString();
      spark.read().parquet(rows().toString()).write().parquet(target);
      if (!analyzers.isEmpty()) {
        new VerificationSuite()
            .onData(spark.read().parquet(target))
            .addRequiredAnalyzers(JavaConverters.asScalaBuffer(analyzers).toList())
            .run();
      }
    }
  }

  private static List<String> ofStatistics() {
    List<String> rules = new ArrayList<>();
    for (String column : COLUMNS) {
      rules.add("IsComplete \"" + column + "\"");
    }
    rules.add("RowCount > 0");
    rules.add("Completeness \"x\" > 0.9");
    rules.add("ColumnValues \"id\" >= 0");
    rules.add("ColumnValues \"k\" < 1000");
    rules.add("ColumnValues \"k\" >= 0");
    rules.add("ColumnValues \"n\" <= 100000");
    rules.add("ColumnValues \"amount\" < 1000000");
    rules.add("ColumnValues \"day\" >= \"2020-01-01\"");
    return rules;
  }

  /** Rules that need the rows; {@link #analyzers} holds the same questions for Deequ. */
  private static List<String> rules(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                switch (i % 4) {
                  case 0 -> "Mean \"x\" > 0 where \"k >= " + i + "\"";
                  case 1 -> "Completeness \"name\" > 0.5 where \"k >= " + i + "\"";
                  case 2 -> "ColumnValues \"x\" between -" + (i + 1) + " and " + (1001 + i);
                  default -> "StandardDeviation \"y\" > 0 where \"k >= " + i + "\"";
                })
        .toList();
  }

  @SuppressWarnings("unchecked")
  private static List<Analyzer<?, Metric<?>>> analyzers(int count) {
    List<Analyzer<?, Metric<?>>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Option<String> where = Option.apply("k >= " + i);
      Object one =
          switch (i % 4) {
            case 0 -> new Mean("x", where);
            case 1 -> new Completeness("name", where, Option.empty());
            case 2 ->
                new Compliance(
                    "c" + i,
                    "x is not null and x > -" + (i + 1) + " and x < " + (1001 + i),
                    Option.empty(),
                    scala.collection.immutable.List$.MODULE$.empty(),
                    Option.empty());
            default -> new StandardDeviation("y", where);
          };
      all.add((Analyzer<?, Metric<?>>) one);
    }
    return all;
  }

  private void clear() throws IOException {
    Path written = directory.resolve("wh/bench");
    if (Files.exists(written)) {
      try (Stream<Path> files = Files.walk(written)) {
        for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void report(Map<String, List<Took>> took, long rows) throws IOException {
    StringBuilder text = new StringBuilder();
    int rounds = took.values().stream().mapToInt(List::size).max().orElse(0);
    int cores = Runtime.getRuntime().availableProcessors();
    String head =
        "%ngates, %d cores, %d rows, %d rounds after two to get warm; of processors' time in ()%n";
    text.append(String.format(Locale.ROOT, head, cores, rows, rounds));
    took.forEach(
        (side, all) -> {
          List<Took> base = took.getOrDefault(BASE, all);
          List<Took> plain = took.getOrDefault(PLAIN, all);
          text.append(
              String.format(
                  Locale.ROOT,
                  "  %-19s %6.2f (%6.2f) s   / no gate: %.2f (%.2f)   / plain write: %.2f (%.2f)%n",
                  side,
                  ColdRunBench.median(all.stream().map(Took::seconds).toList()),
                  ColdRunBench.median(all.stream().map(Took::busy).toList()),
                  ratio(all, base, Took::seconds),
                  ratio(all, base, Took::busy),
                  ratio(all, plain, Took::seconds),
                  ratio(all, plain, Took::busy)));
        });
    ColdRunBench.publish(text.toString());
  }

  /** The median of the ratios, each taken within one round. */
  private static double ratio(List<Took> these, List<Took> others, Function<Took, Double> measure) {
    return ColdRunBench.median(
        IntStream.range(0, these.size())
            .mapToObj(i -> measure.apply(these.get(i)) / measure.apply(others.get(i)))
            .toList());
  }

  private static String setting(String name, String other) {
    return System.getProperty("bench." + name, other);
  }
}
