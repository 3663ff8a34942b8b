package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.explain.LineageGraph;
import io.mlpipeline.json.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Walks lineage up to the raw inputs and down to what used it. */
@Command(
    name = "lineage",
    description = "Walks up to the raw inputs of a dataset or model, and down to what used it.",
    footer = {"", "Example: mlpipeline lineage churn/features@v3"})
final class LineageCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "Such as churn/features, or churn/features@v3.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Mixin private CommonOptions common = new CommonOptions();

  LineageCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    DatasetName wanted = DatasetName.parse(name);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    LineageGraph graph = new LineageGraph(warehouse.ledger().derivations());
    LineageGraph.Node node = graph.find(wanted.pipeline(), wanted.name(), wanted.version());
    List<LineageGraph.Line> up = graph.up(node);
    List<LineageGraph.Line> down = graph.down(node);
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out ->
                  out.number("format", 1)
                      .text("name", node.label())
                      .array("up", up, LineageCommand::line)
                      .array("down", down, LineageCommand::line));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
    } else {
      shell.out().println(shell.terminal().strong(node.label()));
      print("made from", up);
      print("used by", down);
    }
    return ExitCode.DONE;
  }

  private void print(String title, List<LineageGraph.Line> lines) {
    shell.out().println(title + (lines.isEmpty() ? " nothing" : ""));
    for (LineageGraph.Line line : lines) {
      shell.out().println("  ".repeat(line.depth() + 1) + Messages.clean(line.text()));
    }
  }

  private static void line(JsonOut out, LineageGraph.Line line) {
    out.number("depth", line.depth()).text("text", line.text());
  }
}
