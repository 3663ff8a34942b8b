package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.QuarantineReport;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.TableRemoval;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists datasets and models, and the versions of one. */
@Command(
    name = "data",
    description = "Lists datasets and models; `data show NAME` lists the versions of one.",
    subcommands = {DataCommand.List_.class, DataCommand.Show.class},
    footer = {"", "Example: mlpipeline data list", "         mlpipeline data show churn/features"})
final class DataCommand implements Runnable {

  private final Shell shell;

  @Mixin private CommonOptions common = new CommonOptions();

  DataCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void run() {
    list(shell, common);
  }

  private static void list(Shell shell, CommonOptions common) {
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    List<ReuseEntry> entries = new ArrayList<>();
    for (String key : warehouse.objects().list("last/")) {
      String pipeline = key.substring("last/".length()).replace(".json", "");
      entries.addAll(warehouse.reuse().loadLast(pipeline).steps().values());
    }
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out ->
                  out.number("format", 1)
                      .array(
                          "steps",
                          entries,
                          (o, entry) ->
                              o.text("pipeline", entry.pipeline())
                                  .text("step", entry.step())
                                  .text("run_id", entry.run())
                                  .array("outputs", published(entry), DataCommand::output)));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
      return;
    }
    TextTable table = new TextTable("name", "kind", "version", ">rows", ">size", "step", "run");
    for (ReuseEntry entry : entries) {
      for (OutputVersion output : published(entry)) {
        table.row(
            entry.pipeline() + "/" + output.name(),
            output.kind().name().toLowerCase(Locale.ROOT),
            Words.version(output),
            output.kind() == OutputKind.TABLE ? Words.count(output.rows()) : "",
            Words.bytes(output.bytes()),
            entry.step(),
            entry.run());
      }
    }
    if (table.isEmpty()) {
      shell.err().println("no datasets in " + common.warehouse);
    } else {
      table.print(shell.out());
    }
  }

  /** What a step made, and behind it the rows that were set apart. */
  private static List<OutputVersion> published(ReuseEntry entry) {
    return with(entry.outputs(), entry.gates());
  }

  private static List<OutputVersion> with(List<OutputVersion> outputs, List<GateReport> gates) {
    List<OutputVersion> all = new ArrayList<>(outputs);
    for (GateReport gate : gates) {
      QuarantineReport apart = gate.quarantine();
      if (apart != null && apart.table() != null) {
        all.add(apart.table());
      }
    }
    return all;
  }

  static void output(JsonOut out, OutputVersion output) {
    out.text("name", output.name())
        .text("kind", output.kind().name().toLowerCase(Locale.ROOT))
        .text("uri", output.uri())
        .number("version", output.version())
        .text("digest", output.digest())
        .number("rows", output.rows())
        .number("bytes", output.bytes());
  }

  /** Lists every dataset and model. */
  @Command(
      name = "list",
      description = "Lists every dataset and model with its newest version.",
      footer = {"", "Example: mlpipeline data list"})
  static final class List_ implements Runnable {

    private final Shell shell;

    @Mixin private CommonOptions common = new CommonOptions();

    List_(Shell shell) {
      this.shell = shell;
    }

    @Override
    public void run() {
      list(shell, common);
    }
  }

  /** Lists the versions of one. */
  @Command(
      name = "show",
      aliases = "history",
      description = {
        "Lists the versions of a dataset or model: rows, digests, runs, and whether gc has removed",
        "their files. `data history` is the same."
      },
      footer = {"", "Example: mlpipeline data show churn/features"})
  static final class Show implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "NAME", description = "Such as churn/features.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Mixin private CommonOptions common = new CommonOptions();

    Show(Shell shell) {
      this.shell = shell;
    }

    /** One version, who made it, and who removed its files; empty if they are there. */
    private record Made(LineageEvent event, OutputVersion output, String removed) {}

    @Override
    public Integer call() {
      DatasetName wanted = DatasetName.parse(name);
      Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
      List<Made> versions = new ArrayList<>();
      Map<String, List<TableRemoval>> removals = new HashMap<>();
      for (LineageEvent event : warehouse.ledger().all()) {
        // A gate publishes nothing, unless rows of a quarantine were sent through it again.
        boolean made =
            (event.kind() == LineageEvent.Kind.ATTEMPT || event.kind() == LineageEvent.Kind.GATE)
                && event.pipeline().equals(wanted.pipeline());
        List<OutputVersion> all = made ? with(event.outputs(), event.gates()) : List.of();
        for (OutputVersion output : all) {
          if (output.name().equals(wanted.name()) && !holds(versions, output)) {
            versions.add(new Made(event, output, removed(warehouse, removals, output)));
          }
        }
      }
      if (versions.isEmpty()) {
        throw EngineException.misused(
            "there is no " + name + " in " + common.warehouse, "mlpipeline data list names them");
      }
      print(versions);
      return ExitCode.DONE;
    }

    private static String removed(
        Warehouse warehouse, Map<String, List<TableRemoval>> removals, OutputVersion output) {
      if (output.kind() != OutputKind.TABLE) {
        return "";
      }
      List<TableRemoval> its = removals.computeIfAbsent(output.uri(), warehouse::removals);
      return TableRemoval.find(its, output.version()).map(TableRemoval::told).orElse("");
    }

    /** A quarantine is told of by every later judgement of its dataset. */
    private static boolean holds(List<Made> versions, OutputVersion output) {
      return QuarantineTable.isReserved(output.name())
          && versions.stream().anyMatch(made -> made.output().version() == output.version());
    }

    private void print(List<Made> versions) {
      if (common.json()) {
        byte[] document =
            JsonOut.pretty(
                out ->
                    out.number("format", 1)
                        .array(
                            "versions",
                            versions,
                            (o, made) -> {
                              output(o, made.output());
                              o.text("run_id", made.event().runId())
                                  .text("step", made.event().step())
                                  .text("at", made.event().ended().toString());
                              if (!made.removed().isEmpty()) {
                                o.text("removed", made.removed());
                              }
                            }));
        shell.out().print(new String(document, StandardCharsets.UTF_8));
        return;
      }
      String files = versions.stream().allMatch(made -> made.removed().isEmpty()) ? "" : "files";
      TextTable table =
          new TextTable("version", ">rows", ">size", "digest", "made (UTC)", "run", files);
      for (Made made : versions) {
        table.row(
            Words.version(made.output()),
            Words.count(made.output().rows()),
            Words.bytes(made.output().bytes()),
            made.output().digest(),
            Words.time(made.event().ended()),
            made.event().runId(),
            made.removed());
      }
      table.print(shell.out());
    }
  }
}
