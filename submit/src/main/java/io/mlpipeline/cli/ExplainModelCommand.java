package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.json.ModelStateJson;
import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.VersionState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints the whole receipt of a model version: the tree down to raw files, and the people. */
@Command(
    name = "model",
    description = {
      "Prints how a model version came to be: every step down to raw files, with digests,",
      "params, code and gates; and who made, approved and promoted it on what evidence."
    },
    footer = {
      "",
      "Example: mlpipeline explain model churn@1.4.0",
      "         mlpipeline explain model churn@production --output json"
    })
final class ExplainModelCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(
      index = "0",
      paramLabel = "NAME@VERSION|NAME@STAGE",
      description = "Such as churn@1.4.0 or churn@production.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Mixin private CommonOptions common = new CommonOptions();

  ExplainModelCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    NamedModel named = version(warehouse, common.warehouse, name);
    VersionState version = named.version();
    String model = named.state().model();
    ModelRegistry registry = warehouse.registry();
    ModelCard card =
        registry
            .findCard(model, version.card())
            .orElseThrow(() -> ModelCardView.missing(model, version));
    List<RegistryEvent> events =
        registry.events(model).stream()
            .filter(event -> event.version().equals(version.version()))
            .toList();
    if (common.json()) {
      shell.out().print(new String(json(version, card, events), StandardCharsets.UTF_8));
    } else {
      text(version, card, events);
    }
    return ExitCode.DONE;
  }

  /** A model of which a version or a stage is named. */
  static NamedModel version(Warehouse warehouse, String location, String name) {
    NamedModel named = NamedModel.find(warehouse, location, name);
    if (!named.isVersion()) {
      throw EngineException.misused(
          "'" + name + "' names no version",
          "name one, such as " + name + "@production; mlpipeline models show " + name);
    }
    return named;
  }

  private static byte[] json(VersionState version, ModelCard card, List<RegistryEvent> events) {
    return JsonOut.pretty(
        out -> {
          out.number("format", 1)
              .text("model", card.model())
              .text("digest", card.digest())
              .object("state", version, ModelStateJson::version)
              .text("author", card.by())
              .text("change", card.change())
              .textMap("facts", card.facts())
              .texts("config_files", card.config().keySet());
          new ReceiptTreeJson(card).root(out);
          out.array("events", events, RegistryEventJson::body);
        });
  }

  private void text(VersionState version, ModelCard card, List<RegistryEvent> events) {
    line(card.model() + "@" + card.version() + "  " + card.digest());
    line(
        "  "
            + version.stage().word()
            + " since "
            + Words.time(version.since())
            + " (UTC)"
            + (version.isRejected() ? ", rejected" : "")
            + "; "
            + card.change());
    line("  author " + card.by() + ", run " + card.run() + ", " + Words.time(card.at()) + " (UTC)");
    card.facts().forEach((name, value) -> line("  " + name + " " + value));
    card.config().keySet().forEach(file -> line("  config " + file));
    print(new ReceiptTree(card).root(), "");
    line("people");
    events.forEach(this::event);
    events.stream()
        .filter(event -> event.number() == version.evaluated())
        .flatMap(event -> Stream.ofNullable(event.evidence()))
        .forEach(evidence -> evidence(version.evaluated(), evidence));
  }

  private void print(ReceiptTree.Node node, String indent) {
    line(indent + "+ " + node.text());
    String bar = node.children().isEmpty() ? "    " : "  | ";
    node.details().forEach(detail -> line(indent + bar + detail));
    node.children().forEach(child -> print(child, indent + "  "));
  }

  private void event(RegistryEvent event) {
    String reason = event.reason() == null ? "" : ": " + event.reason();
    line(
        "  "
            + event.number()
            + "  "
            + Words.time(event.at())
            + "  "
            + ModelWords.event(event)
            + reason);
    event.decided().forEach(rule -> line("       " + ModelWords.decided(rule)));
    if (event.evidenceAt() > 0) {
      line("       on the evidence of event " + event.evidenceAt());
    }
  }

  private void evidence(long number, Evidence evidence) {
    String champion = evidence.champion() == null ? "" : ", champion " + evidence.champion();
    line("evidence of event " + number + ", holdout " + evidence.holdout() + champion);
    ModelWords.measured(evidence).print(shell.out());
  }

  private void line(String text) {
    shell.out().println(Messages.clean(text).replace('\n', ' ').stripTrailing());
  }
}
