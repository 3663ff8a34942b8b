package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.Durations;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.run.Leftovers;
import io.mlpipeline.run.Leftovers.Leftover;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes what attempts left behind and nobody needs. */
@Command(
    name = "gc",
    description = {
      "Lists what attempts left behind and no record names: staged files that were never",
      "published, models without a manifest, rows kept aside by runs. --yes removes it.",
      "What any version of a table or any model needs stays."
    },
    footer = {"", "Example: mlpipeline gc", "         mlpipeline gc --older-than 30d --yes"})
final class GcCommand implements Callable<Integer> {

  private final Shell shell;

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      description = "What was written earlier than that; at least 1d; default ${DEFAULT-VALUE}.",
      defaultValue = "90d")
  private String olderThan = "90d";

  @Option(names = "--dry-run", description = "Lists only, whatever else is said.")
  private boolean dryRun;

  @Option(names = "--yes", description = "Removes what is listed.")
  private boolean yes;

  @Mixin private CommonOptions common = new CommonOptions();

  GcCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Duration age = Durations.parse(olderThan);
    if (age == null) {
      throw EngineException.misused(
          "--older-than cannot be '" + Messages.clean(olderThan) + "'", "an age such as 90d");
    }
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    Leftovers leftovers =
        new Leftovers(
            warehouse.files(), warehouse.tables(), warehouse.records(), InstantSource.system());
    Leftovers.Result result = leftovers.find(age);
    boolean removes = yes && !dryRun;
    if (removes) {
      result.leftovers().forEach(leftovers::remove);
    }
    if (common.json()) {
      json(result, removes);
    } else {
      print(result, removes);
    }
    return ExitCode.DONE;
  }

  private void print(Leftovers.Result result, boolean removed) {
    TextTable table = new TextTable("what", "written (UTC)", ">size", "file");
    for (Leftover one : result.leftovers()) {
      table.row(
          word(one),
          Words.time(one.file().modified()),
          Words.bytes(one.file().bytes()),
          one.file().path());
    }
    if (!table.isEmpty()) {
      table.print(shell.out());
    }
    result.leftAlone().forEach((uri, why) -> note(uri + " is left alone: " + why));
    if (!common.quiet) {
      long bytes = result.leftovers().stream().mapToLong(one -> one.file().bytes()).sum();
      String what = result.leftovers().size() + " files, " + Words.bytes(bytes);
      note(removed ? "removed " + what : what + (table.isEmpty() ? "" : "; --yes removes them"));
    }
  }

  private void note(String text) {
    shell.err().println(Messages.clean(text));
  }

  private static String word(Leftover one) {
    return one.sort().name().toLowerCase(Locale.ROOT);
  }

  private void json(Leftovers.Result result, boolean removed) {
    byte[] document =
        JsonOut.pretty(
            out ->
                out.number("format", 1)
                    .flag("removed", removed)
                    .array(
                        "files",
                        result.leftovers(),
                        (o, one) ->
                            o.text("sort", word(one))
                                .text("path", one.file().path())
                                .number("bytes", one.file().bytes())
                                .text("modified", one.file().modified().toString()))
                    .textMap("left_alone", result.leftAlone()));
    shell.out().print(new String(document, StandardCharsets.UTF_8));
  }
}
