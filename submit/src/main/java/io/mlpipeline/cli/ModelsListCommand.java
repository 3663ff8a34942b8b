package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.json.ModelStateJson;
import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists registered models. */
@Command(
    name = "list",
    description = "Lists registered models: what is in production and staging, what happened last.",
    footer = {"", "Example: mlpipeline models list"})
final class ModelsListCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private CommonOptions common = new CommonOptions();

  ModelsListCommand(Shell shell) {
    this.shell = shell;
  }

  /** One model and the last thing that happened to it. */
  private record Listed(ModelState state, RegistryEvent last) {}

  @Override
  public Integer call() {
    ModelRegistry registry = Warehouse.open(common.warehouse, shell.workingDirectory()).registry();
    List<Listed> models = new ArrayList<>();
    for (String name : registry.models()) {
      ModelState state = registry.state(name);
      registry.event(name, state.last()).ifPresent(last -> models.add(new Listed(state, last)));
    }
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out -> out.number("format", 1).array("models", models, ModelsListCommand::json));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
    } else {
      print(models);
    }
    return ExitCode.DONE;
  }

  private static void json(JsonOut out, Listed model) {
    ModelState state = model.state();
    out.text("model", state.model())
        .number("versions", state.versions().size())
        .object("production", state.champion().orElse(null), ModelStateJson::version)
        .array("staging", state.at(PromotionStage.STAGING), ModelStateJson::version)
        .object("newest", state.newest().orElse(null), ModelStateJson::version)
        .object("last_event", model.last(), RegistryEventJson::body);
  }

  private void print(List<Listed> models) {
    TextTable table =
        new TextTable("model", "production", "staging", "newest", ">versions", "last event (UTC)");
    for (Listed model : models) {
      ModelState state = model.state();
      table.row(
          state.model(),
          at(state, PromotionStage.PRODUCTION),
          at(state, PromotionStage.STAGING),
          state.newest().map(v -> v.version().toString()).orElse("-"),
          Words.count(state.versions().size()),
          Words.time(model.last().at()) + " " + ModelWords.event(model.last()));
    }
    if (table.isEmpty()) {
      shell.err().println("no models are registered in " + common.warehouse);
    } else {
      table.print(shell.out());
    }
  }

  private static String at(ModelState state, PromotionStage stage) {
    String versions =
        state.at(stage).stream().map(v -> v.version().toString()).collect(Collectors.joining(", "));
    return versions.isEmpty() ? "-" : versions;
  }
}
