package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.ErrorCategory;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.run.PinChecks;
import io.mlpipeline.run.PinChecks.Broken;
import io.mlpipeline.run.PinChecks.Checked;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks whether what registered versions need is still there. */
@Command(
    name = "check",
    description = {
      "Looks whether everything is there that versions in staging and production need: their",
      "history, the files of the model, the table versions that they were made with.",
      "Exit code 8: something of them is lost."
    },
    footer = {
      "",
      "Example: mlpipeline models check",
      "         mlpipeline models check churn --all --verify"
    })
final class ModelsCheckCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "One model; default: all.")
  private @Nullable String name;

  @Option(names = "--all", description = "Every version, archived and experimental ones too.")
  private boolean all;

  @Option(names = "--verify", description = "Reads all bytes of the models' files.")
  private boolean verify;

  @Mixin private CommonOptions common = new CommonOptions();

  ModelsCheckCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    PinChecks checks = new PinChecks(warehouse.registry(), warehouse.tables(), warehouse.models());
    PinChecks.Width width = all ? PinChecks.Width.ALL : PinChecks.Width.IN_USE;
    PinChecks.Depth depth = verify ? PinChecks.Depth.BYTES : PinChecks.Depth.SIZES;
    List<Checked> found =
        names(warehouse).stream().map(model -> checks.check(model, width, depth)).toList();
    List<Broken> broken = found.stream().flatMap(one -> one.broken().stream()).toList();
    if (common.json()) {
      json(found, broken);
    } else {
      print(found, broken);
    }
    return broken.stream().anyMatch(Broken::isInUse)
        ? ErrorCategory.ENVIRONMENT.exitCode()
        : ExitCode.DONE;
  }

  private List<String> names(Warehouse warehouse) {
    List<String> known = warehouse.registry().models();
    if (name == null) {
      return known;
    }
    return known.contains(name)
        ? List.of(name)
        : List.of(NamedModel.find(warehouse, common.warehouse, name).reference().model());
  }

  private void print(List<Checked> found, List<Broken> broken) {
    if (!broken.isEmpty()) {
      TextTable table = new TextTable("model", "stage", "needs", "what is wrong", "so");
      for (Broken one : broken) {
        PromotionStage stage = one.stage();
        table.row(
            one.model() + version(one.version()),
            stage == null ? "" : stage.word(),
            one.needs(),
            one.problem(),
            one.meaning());
      }
      table.print(shell.out());
    }
    if (!common.quiet) {
      int versions = found.stream().mapToInt(Checked::versions).sum();
      String which = all ? " versions" : " versions in staging or production";
      String result = broken.isEmpty() ? ": all that they need is there" : "";
      shell
          .err()
          .println("looked at " + versions + which + " of " + found.size() + " models" + result);
    }
  }

  private static String version(@Nullable SemanticVersion version) {
    return version == null ? "" : "@" + version;
  }

  private void json(List<Checked> found, List<Broken> broken) {
    byte[] document =
        JsonOut.pretty(
            out ->
                out.number("format", 1)
                    .array(
                        "models",
                        found,
                        (o, one) -> o.text("model", one.model()).number("versions", one.versions()))
                    .array("broken", broken, ModelsCheckCommand::json));
    shell.out().print(new String(document, StandardCharsets.UTF_8));
  }

  private static void json(JsonOut out, Broken one) {
    SemanticVersion version = one.version();
    PromotionStage stage = one.stage();
    out.text("model", one.model())
        .text("version", version == null ? null : version.toString())
        .text("stage", stage == null ? null : stage.word())
        .text("needs", one.needs())
        .text("problem", one.problem())
        .text("meaning", one.meaning())
        .flag("in_use", one.isInUse());
  }
}
