package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.Warehouse;
import io.mlpipeline.explain.PredictionExplainer;
import io.mlpipeline.explain.PredictionReport;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.VersionState;
import io.mlpipeline.spark.explain.Contributions;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers why a model predicted what it did. */
@Command(
    name = "prediction",
    description = {
      "Says why a model predicted what it did for one row: the row as scored, its features at the",
      "version of then, the rows behind them, and what each column added."
    },
    footer = {
      "",
      "Example: mlpipeline explain prediction churn@1.4.0 --key customer_id=42",
      "         mlpipeline explain prediction churn@production --key id=7 --from churn/scores"
    })
final class ExplainPredictionCommand implements Callable<Integer> {

  private static final int MOST = 20;

  private final Shell shell;

  @Parameters(
      index = "0",
      paramLabel = "NAME@VERSION|NAME@STAGE",
      description = "Such as churn@1.4.0 or churn@production.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Option(
      names = "--key",
      paramLabel = "COLUMN=VALUE",
      required = true,
      description = "Names the row; may be repeated.")
  private Map<String, String> key = new LinkedHashMap<>();

  @Option(
      names = "--from",
      paramLabel = "DATASET",
      description = "The table of scores or of features with that row; default: it is looked for.")
  private @Nullable String from;

  @Mixin private CommonOptions common = new CommonOptions();

  ExplainPredictionCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (from != null && !from.matches("[a-z0-9_]+/[a-z0-9_]+(@v[0-9]{1,18})?")) {
      throw EngineException.misused(
          "--from cannot be '" + Messages.clean(from) + "'",
          "such as churn/scores or churn/rows@v3");
    }
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    NamedModel named = ExplainModelCommand.version(warehouse, common.warehouse, name);
    VersionState version = named.version();
    String model = named.state().model();
    ModelCard card =
        warehouse
            .registry()
            .findCard(model, version.card())
            .orElseThrow(() -> ModelCardView.missing(model, version));
    HandOver.ifLight();
    Logs.begin(common.warehouse, shell.workingDirectory(), common.verbose);
    try (Engine engine = Engine.starting(1, Map.of())) {
      PredictionReport report =
          new PredictionExplainer(warehouse, engine.sessions(warehouse).newSession())
              .explain(card, key, from);
      if (common.json()) {
        shell.out().print(new String(json(report), StandardCharsets.UTF_8));
      } else {
        text(report);
      }
      shell.out().flush();
    }
    return ExitCode.DONE;
  }

  private void text(PredictionReport report) {
    line(report.model() + "  " + report.digest());
    line("prediction, " + report.origin());
    fields(report.scored(), "  ");
    line("features in " + report.features());
    fields(report.row(), "  ");
    contributions(report);
    for (PredictionReport.Behind behind : report.behind()) {
      String note = behind.note().isEmpty() ? "" : ": " + behind.note();
      line("behind it " + behind.place() + note);
      behind.rows().forEach(row -> line("  " + row));
    }
  }

  private void contributions(PredictionReport report) {
    Contributions all = report.contributions();
    if (!all.isKnown()) {
      line("contributions: " + all.note());
      return;
    }
    line("contributions to the " + all.scale() + "; " + all.note());
    TextTable table = new TextTable("  column", "value", ">adds");
    table.row("  (base)", "", adds(all.base()));
    all.byColumn().entrySet().stream()
        .limit(MOST)
        .forEach(
            e ->
                table.row(
                    "  " + e.getKey(),
                    report.row().getOrDefault(e.getKey(), ""),
                    adds(e.getValue())));
    double rest = all.byColumn().values().stream().skip(MOST).mapToDouble(v -> v).sum();
    if (all.byColumn().size() > MOST) {
      table.row("  (" + (all.byColumn().size() - MOST) + " more)", "", adds(rest));
    }
    table.row("  (sum)", "", adds(all.total()));
    table.print(shell.out());
  }

  private static String adds(double value) {
    return String.format(Locale.ROOT, "%+.4f", value);
  }

  private void fields(Map<String, String> row, String indent) {
    row.forEach((column, value) -> line(indent + column + " " + value));
  }

  private void line(String text) {
    shell.out().println(Messages.clean(text).replace('\n', ' ').stripTrailing());
  }

  private static byte[] json(PredictionReport report) {
    Contributions all = report.contributions();
    return JsonOut.pretty(
        out ->
            out.number("format", 1)
                .text("model", report.model())
                .text("digest", report.digest())
                .text("origin", report.origin())
                .textMap("scored", report.scored())
                .text("features", report.features())
                .textMap("row", report.row())
                .text("scale", all.isKnown() ? all.scale() : null)
                .text("note", all.note())
                .decimal("base", all.base())
                .decimalMap("contributions", all.byColumn())
                .decimal("total", all.total())
                .array("behind", report.behind(), ExplainPredictionCommand::behind));
  }

  private static void behind(JsonOut out, PredictionReport.Behind behind) {
    out.text("place", behind.place())
        .text("note", behind.note())
        .array("rows", behind.rows(), (o, row) -> o.textMap("values", row));
  }
}
