package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Suggestions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how metrics of a dataset went from run to run. */
@Command(
    name = "history",
    description = {
      "Shows how the metrics of a dataset went from run to run; of one rule or metric, every run"
          + " with its bounds."
    },
    footer = {
      "",
      "Example: mlpipeline gates history churn/features",
      "         mlpipeline gates history churn/features Column.age.Mean --last 30"
    })
final class GatesHistoryCommand implements Callable<Integer> {

  private static final String LOWER = ".lower";
  private static final String UPPER = ".upper";
  private static final String ROWS = "Dataset.*.RowCount";

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "DATASET", description = "Such as churn/features.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "RULE|METRIC",
      description = "A rule's id or text, or a metric such as Column.age.Mean or Mean.")
  private @Nullable String wanted;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many runs; default ${DEFAULT-VALUE}.")
  private int last = 20;

  @Mixin private CommonOptions common = new CommonOptions();

  GatesHistoryCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (last < 1) {
      throw EngineException.misused("--last must be at least 1", "for example --last 20");
    }
    DatasetName dataset = DatasetName.parse(name);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    List<Measurement> points =
        new ArrayList<>(warehouse.gates().newest(dataset.pipeline(), dataset.name(), last));
    if (points.isEmpty()) {
      throw EngineException.misused(
          "nothing was measured of " + name + " in " + common.warehouse,
          "mlpipeline data list names the datasets");
    }
    Collections.reverse(points);
    List<String> metrics = metrics(points);
    List<String> chosen = wanted == null ? metrics : chosen(warehouse, dataset, metrics, wanted);
    if (common.json()) {
      shell.out().print(json(points, chosen));
    } else if (wanted == null) {
      overview(points, chosen);
    } else {
      chosen.forEach(metric -> one(points, metric));
    }
    return ExitCode.DONE;
  }

  /** Every metric of these points; bounds belong to theirs. */
  private static List<String> metrics(List<Measurement> points) {
    TreeSet<String> all = new TreeSet<>();
    points.forEach(point -> all.addAll(point.metrics().keySet()));
    all.removeIf(GatesHistoryCommand::isBound);
    return List.copyOf(all);
  }

  private static boolean isBound(String metric) {
    return metric.endsWith(LOWER) || metric.endsWith(UPPER);
  }

  private List<String> chosen(
      Warehouse warehouse, DatasetName dataset, List<String> metrics, String asked) {
    if (metrics.contains(asked)) {
      return List.of(asked);
    }
    List<String> found = ofRule(warehouse, dataset, metrics, asked);
    String end = ("." + asked).toLowerCase(Locale.ROOT);
    if (found.isEmpty()) {
      found = metrics.stream().filter(m -> m.toLowerCase(Locale.ROOT).endsWith(end)).toList();
    }
    if (found.isEmpty()) {
      String hint = Suggestions.didYouMean(asked, metrics);
      throw EngineException.misused(
          name + " has no rule and no metric '" + asked + "'",
          hint == null ? "measured: " + String.join(", ", metrics) : hint);
    }
    return found;
  }

  /** What the newest judgement of a rule observed. */
  private static List<String> ofRule(
      Warehouse warehouse, DatasetName dataset, List<String> metrics, String asked) {
    return RuleHistory.load(warehouse, dataset.pipeline())
        .find(dataset.name(), o -> o.rule().id().equals(asked) || o.rule().text().equals(asked))
        .map(outcome -> observed(outcome, metrics))
        .orElse(List.of());
  }

  private static List<String> observed(RuleOutcome outcome, List<String> metrics) {
    boolean isOfRows = outcome.rule().text().contains("RowCount");
    return metrics.stream()
        .filter(metric -> outcome.observed().containsKey(metric))
        .filter(metric -> isOfRows || !metric.equals(ROWS))
        .toList();
  }

  private void overview(List<Measurement> points, List<String> metrics) {
    TextTable table = new TextTable("metric", ">runs", ">newest", "oldest to newest");
    for (String metric : metrics) {
      List<Double> values = values(points, metric);
      long runs = values.stream().filter(Double::isFinite).count();
      table.row(
          metric,
          Words.count(runs),
          number(points.get(points.size() - 1).metrics().get(metric)),
          Sparkline.of(values));
    }
    table.print(shell.out());
  }

  private void one(List<Measurement> points, String metric) {
    shell.out().println(Messages.clean(metric) + "  " + Sparkline.of(values(points, metric)));
    TextTable table = new TextTable("run", "measured (UTC)", ">value", ">lower", ">upper", "gate");
    for (Measurement point : points) {
      table.row(
          point.run(),
          Words.time(point.at()),
          number(point.metrics().get(metric)),
          number(point.metrics().get(metric + LOWER)),
          number(point.metrics().get(metric + UPPER)),
          verdict(point));
    }
    table.print(shell.out());
  }

  private static List<Double> values(List<Measurement> points, String metric) {
    return points.stream().map(p -> p.metrics().getOrDefault(metric, Double.NaN)).toList();
  }

  private static String verdict(Measurement point) {
    return point.verdict().name().toLowerCase(Locale.ROOT);
  }

  /** Digits enough to see a change, and none that say nothing. */
  private static String number(@Nullable Double value) {
    if (value == null) {
      return "";
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return whole ? Words.count(value.longValue()) : String.format(Locale.ROOT, "%.6g", value);
  }

  private static String json(List<Measurement> points, List<String> chosen) {
    byte[] document =
        JsonOut.pretty(
            out ->
                out.number("format", 1)
                    .array("points", points, (o, point) -> point(o, point, chosen)));
    return new String(document, StandardCharsets.UTF_8);
  }

  private static void point(JsonOut out, Measurement point, List<String> chosen) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (String metric : chosen) {
      for (String part : List.of(metric, metric + LOWER, metric + UPPER)) {
        Double value = point.metrics().get(part);
        if (value != null) {
          metrics.put(part, value);
        }
      }
    }
    out.text("run_id", point.run())
        .text("at", point.at().toString())
        .text("content", point.content())
        .text("verdict", verdict(point))
        .decimalMap("metrics", metrics);
  }
}
