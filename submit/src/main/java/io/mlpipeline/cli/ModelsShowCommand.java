package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.json.ModelCardJson;
import io.mlpipeline.json.ModelStateJson;
import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.VersionState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the versions of a registered model, or all that is known of one. */
@Command(
    name = "show",
    description = "Shows the versions of a model, newest first; or all that is known of one.",
    footer = {
      "",
      "Example: mlpipeline models show churn",
      "         mlpipeline models show churn@1.4.0",
      "         mlpipeline models show churn@production --output json"
    })
final class ModelsShowCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(
      index = "0",
      paramLabel = "NAME[@VERSION|@STAGE]",
      description = "Such as churn, churn@1.4.0 or churn@production.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many versions are shown, newest first; default ${DEFAULT-VALUE}.",
      defaultValue = "20")
  int limit = 20;

  @Mixin private CommonOptions common = new CommonOptions();

  ModelsShowCommand(Shell shell) {
    this.shell = shell;
  }

  /** A version and what was last measured of it. */
  private record Shown(VersionState version, Optional<Evidence> evidence) {}

  @Override
  public Integer call() {
    if (limit < 1) {
      throw EngineException.misused("--limit cannot be " + limit, "a number from 1 on");
    }
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    NamedModel named = NamedModel.find(warehouse, common.warehouse, name);
    if (named.isVersion()) {
      card(warehouse.registry(), named);
    } else {
      versions(warehouse.registry(), named.state());
    }
    return ExitCode.DONE;
  }

  private void versions(ModelRegistry registry, ModelState state) {
    int all = state.versions().size();
    List<Shown> shown = new ArrayList<>();
    for (int i = all - 1; i >= 0 && shown.size() < limit; i--) { // only these are read
      VersionState version = state.versions().get(i);
      shown.add(new Shown(version, evidence(registry, state.model(), version)));
    }
    if (common.json()) {
      print(
          JsonOut.pretty(
              out ->
                  out.number("format", 1)
                      .text("model", state.model())
                      .number("events", state.last())
                      .number("count", state.versions().size())
                      .array("versions", shown, ModelsShowCommand::json)));
      return;
    }
    TextTable table =
        new TextTable("version", "stage", "since (UTC)", "metrics", "author", "approved by");
    for (Shown one : shown) {
      VersionState version = one.version();
      table.row(
          version.version().toString(),
          version.stage().word()
              + (version.isRejected() ? " (rejected)" : "")
              + (version.isRemoved() ? " (files removed)" : ""),
          Words.time(version.since()),
          one.evidence().map(ModelWords::metrics).orElse("-"),
          version.author(),
          version.approvals().isEmpty() ? "-" : String.join(", ", version.approvals()));
    }
    table.print(shell.out());
    if (all > shown.size()) {
      String some = "the newest " + shown.size() + " of " + Words.count(all) + " versions";
      shell.err().println(some + "; --limit " + all + " shows all");
    }
  }

  private static Optional<Evidence> evidence(
      ModelRegistry registry, String model, VersionState version) {
    return registry
        .event(model, version.evaluated())
        .flatMap(event -> Optional.ofNullable(event.evidence()));
  }

  private static void json(JsonOut out, Shown one) {
    ModelStateJson.version(out, one.version());
    one.evidence()
        .ifPresent(
            evidence ->
                out.decimalMap(
                    "metrics", evidence.metrics(Evidence.Subject.CANDIDATE, Evidence.ALL)));
  }

  private void card(ModelRegistry registry, NamedModel named) {
    VersionState version = named.version();
    String model = named.state().model();
    ModelCard card =
        registry
            .findCard(model, version.card())
            .orElseThrow(() -> ModelCardView.missing(model, version));
    List<RegistryEvent> events =
        registry.events(model).stream()
            .filter(event -> event.version().equals(version.version()))
            .toList();
    if (common.json()) {
      print(
          JsonOut.pretty(
              out ->
                  out.number("format", 1)
                      .object("state", version, ModelStateJson::version)
                      .object("card", card, ModelCardJson::body)
                      .array("events", events, RegistryEventJson::body)));
    } else {
      new ModelCardView(shell.out()).print(version, card, events);
    }
  }

  private void print(byte[] document) {
    shell.out().print(new String(document, StandardCharsets.UTF_8));
  }
}
