package io.mlpipeline.cli;

import io.mlpipeline.Housekeeper;
import io.mlpipeline.Warehouse;
import io.mlpipeline.gc.Garbage;
import io.mlpipeline.gc.GcOptions;
import io.mlpipeline.gc.GcPlan;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.Durations;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.TableRemoval;
import io.mlpipeline.port.WarehouseFiles.Found;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes what nobody needs. */
@Command(
    name = "gc",
    description = {
      "Lists what nobody needs, by what is recorded and not by age alone: files that attempts left",
      "behind, old versions of tables, models that no record names, caches and logs. --yes removes",
      "it. What a registered model, a reuse entry or the newest versions need stays."
    },
    footer = {
      "",
      "Example: mlpipeline gc",
      "         mlpipeline gc --older-than 30d --keep-models 5 --yes",
      "         mlpipeline gc --table churn/features --keep-versions 3 --yes"
    })
final class GcCommand implements Callable<Integer> {

  private final Shell shell;

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      description = "What is older than that; at least 1d; default ${DEFAULT-VALUE}.",
      defaultValue = "90d")
  private String olderThan = "90d";

  @Option(
      names = "--keep-versions",
      paramLabel = "N",
      description = "The newest versions of each table that stay; default ${DEFAULT-VALUE}.",
      defaultValue = "10")
  private int keepVersions = 10;

  @Option(
      names = "--keep-models",
      paramLabel = "N",
      description = {
        "The newest archived or experimental versions of each registered model whose files stay;",
        "default: all. Those in staging and production always stay."
      })
  private @Nullable Integer keepModels;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = {
        "Only old versions of this table, such as churn/features; refuses if something needs them."
      })
  private @Nullable String table;

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
    GcOptions options = new GcOptions(age, keepVersions, keepModels, table);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    Housekeeper housekeeper = warehouse.housekeeper(InstantSource.system());
    GcPlan plan = housekeeper.plan(options);
    boolean removes = yes && !dryRun;
    List<String> left =
        removes
            ? housekeeper.carryOut(plan, System.getProperty("user.name", "unknown"))
            : List.of();
    if (removes && !plan.letGo().versions().isEmpty()) {
      warehouse.foldRegistry();
    }
    if (common.json()) {
      json(plan, left, removes);
    } else {
      print(plan, left, removes);
    }
    return ExitCode.DONE;
  }

  private void print(GcPlan plan, List<String> left, boolean removed) {
    TextTable rows = new TextTable("what", "written (UTC)", ">files", ">size", "where");
    for (Garbage one : plan.garbage()) {
      rows.row(
          word(one),
          Words.time(one.modified()),
          Words.count(one.files().size()),
          Words.bytes(one.bytes()),
          one.name() + versions(one));
    }
    if (!rows.isEmpty()) {
      rows.print(shell.out());
    }
    plan.leftAlone().forEach((uri, why) -> note(uri + " is left alone: " + why));
    left.forEach(this::note);
    if (!common.quiet) {
      plan.kept().forEach(this::note);
      letGo(plan, removed);
      String what = plan.files() + " files, " + Words.bytes(plan.bytes());
      boolean nothing = rows.isEmpty() && plan.letGo().told().isEmpty();
      note(removed ? "removed " + what : what + (nothing ? "" : "; --yes removes them"));
    }
  }

  private void letGo(GcPlan plan, boolean removed) {
    List<String> told = plan.letGo().told();
    if (!told.isEmpty()) {
      note(
          (removed ? "let go: " : "to be let go: ")
              + String.join(", ", told)
              + "; what only they need can go a day later");
    }
    if (!plan.waiting().isEmpty()) {
      note("let go before, and can go: " + String.join(", ", plan.waiting()));
    }
  }

  private void note(String text) {
    shell.err().println(Messages.clean(text));
  }

  private static String word(Garbage one) {
    return one.sort().name().toLowerCase(Locale.ROOT);
  }

  private static String versions(Garbage one) {
    return one.versions().isEmpty() ? "" : " " + TableRemoval.ranges(one.versions());
  }

  private void json(GcPlan plan, List<String> left, boolean removed) {
    byte[] document =
        JsonOut.pretty(
            out ->
                out.number("format", 2)
                    .flag("removed", removed)
                    .array("garbage", plan.garbage(), GcCommand::garbage)
                    .texts("let_go", plan.letGo().told())
                    .texts("waiting", plan.waiting())
                    .texts("kept", plan.kept())
                    .texts("left", left)
                    .textMap("left_alone", plan.leftAlone()));
    shell.out().print(new String(document, StandardCharsets.UTF_8));
  }

  private static void garbage(JsonOut out, Garbage one) {
    out.text("sort", word(one))
        .text("name", one.name())
        .texts("versions", one.versions().stream().map(String::valueOf).toList())
        .number("bytes", one.bytes())
        .text("modified", one.modified().toString())
        .texts("files", one.files().stream().map(Found::path).toList());
  }
}
