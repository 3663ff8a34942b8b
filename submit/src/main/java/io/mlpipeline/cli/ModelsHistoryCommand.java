package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.json.ModelStateJson;
import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.Past;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.RestoredSet;
import io.mlpipeline.registry.VersionState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what happened to a registered model, or what was in production at a time. */
@Command(
    name = "history",
    description = {
      "Lists everything that happened to a model, oldest first.",
      "With --at: which version was in production then, who decided, on what evidence."
    },
    footer = {
      "",
      "Example: mlpipeline models history churn",
      "         mlpipeline models history churn --at 2024-03-05",
      "         mlpipeline models history churn --at 2024-03-05T12:00:00Z"
    })
final class ModelsHistoryCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "NAME", description = "Such as churn.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Option(
      names = "--at",
      paramLabel = "DATE|TIMESTAMP",
      description = "A day, which means its end, or a moment such as 2024-03-05T12:00:00Z; in UTC.")
  private String at = "";

  @Mixin private CommonOptions common = new CommonOptions();

  ModelsHistoryCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Optional<Instant> moment = at.isEmpty() ? Optional.empty() : Optional.of(PastMoment.of(at));
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    NamedModel named = NamedModel.find(warehouse, common.warehouse, name);
    List<RegistryEvent> events =
        warehouse.registry().events(named.state().model()).stream()
            .filter(event -> isWanted(named, event))
            .toList();
    if (moment.isPresent()) {
      then(new Then(named.state().model(), events, moment.get()));
    } else if (common.json()) {
      print(
          JsonOut.pretty(
              out -> out.number("format", 1).array("events", events, RegistryEventJson::body)));
    } else {
      list(events);
    }
    return ExitCode.DONE;
  }

  /** Of a version only what happened to it; the time machine needs all. */
  private boolean isWanted(NamedModel named, RegistryEvent event) {
    return !at.isEmpty() || !named.isVersion() || event.version().equals(named.version().version());
  }

  private void list(List<RegistryEvent> events) {
    TextTable table =
        new TextTable(">#", "at (UTC)", "event", "version", "stage", "by", "evidence", "reason");
    for (RegistryEvent event : events) {
      Evidence evidence = event.evidence();
      String judged = event.evidenceAt() == 0 ? "" : "event " + event.evidenceAt();
      table.row(
          String.valueOf(event.number()),
          Words.time(event.at()),
          ModelWords.kind(event.kind()),
          event.version().toString(),
          ModelWords.move(event),
          event.by(),
          evidence == null ? judged : ModelWords.metrics(evidence),
          event.reason() == null ? "" : event.reason());
    }
    table.print(shell.out());
  }

  /** What there was to know of a model at a moment. */
  private record Then(String model, List<RegistryEvent> events, Instant moment) {

    Optional<VersionState> champion() {
      return Past.at(model, events, moment).champion();
    }

    RegistryEvent event(long number) {
      return events.get((int) number - 1);
    }

    /** The promotion that a decision stands on: a rollback has no evidence of its own. */
    RegistryEvent ground(RegistryEvent decision) {
      RegistryEvent at = decision;
      for (RestoredSet set = at.restored(); set != null; set = at.restored()) {
        at = event(set.number());
      }
      return at;
    }

    /** Who had approved it when it was moved there. */
    List<String> approvals(RegistryEvent decision) {
      return events.stream()
          .filter(e -> e.number() < decision.number())
          .filter(e -> e.kind() == RegistryEvent.Kind.APPROVED)
          .filter(e -> e.version().equals(decision.version()))
          .map(RegistryEvent::by)
          .distinct()
          .toList();
    }
  }

  private void then(Then then) {
    Optional<VersionState> champion = then.champion();
    if (common.json()) {
      print(JsonOut.pretty(out -> json(out, then, champion)));
      return;
    }
    String moment = Words.time(then.moment()) + " (UTC)";
    if (champion.isEmpty()) {
      shell.out().println("no version of " + then.model() + " was in production at " + moment);
      return;
    }
    RegistryEvent decision = then.event(champion.get().moved());
    line("at", moment);
    line(
        "production",
        then.model() + "@" + champion.get().version() + "  " + champion.get().digest());
    line("since", Words.time(champion.get().since()) + " (UTC), event " + decision.number());
    line("decided by", decision.by() + (decision.reason() == null ? "" : ": " + decision.reason()));
    RegistryEvent ground = then.ground(decision);
    if (ground.number() != decision.number()) {
      String reason = ground.reason() == null ? "" : ": " + ground.reason();
      line("back to", "event " + ground.number() + ", by " + ground.by() + reason);
    }
    List<String> approvals = then.approvals(ground);
    line("approved", approvals.isEmpty() ? "by nobody" : "by " + String.join(", ", approvals));
    for (Decided rule : ground.decided()) {
      line("rule", ModelWords.decided(rule));
    }
    evidence(then, ground);
  }

  private void evidence(Then then, RegistryEvent decision) {
    Evidence evidence =
        decision.evidenceAt() == 0 ? null : then.event(decision.evidenceAt()).evidence();
    if (evidence == null) {
      line("evidence", "none");
      return;
    }
    String champion = evidence.champion();
    line(
        "evidence",
        "event "
            + decision.evidenceAt()
            + ", holdout "
            + evidence.holdout()
            + (champion == null ? "" : ", champion then " + Words.digest(champion)));
    ModelWords.measured(evidence).print(shell.out());
  }

  private static void json(JsonOut out, Then then, Optional<VersionState> champion) {
    out.number("format", 1).text("model", then.model()).text("at", then.moment().toString());
    if (champion.isPresent()) {
      RegistryEvent decision = then.event(champion.get().moved());
      RegistryEvent ground = then.ground(decision);
      out.object("production", champion.get(), ModelStateJson::version)
          .object("decision", decision, RegistryEventJson::body)
          .texts("approved_by", then.approvals(ground));
      if (ground.evidenceAt() > 0) {
        out.object("evaluated", then.event(ground.evidenceAt()), RegistryEventJson::body);
      }
    }
  }

  private void line(String name, String text) {
    shell.out().println(String.format("%-11s", name) + Messages.clean(text).replace('\n', ' '));
  }

  private void print(byte[] document) {
    shell.out().print(new String(document, StandardCharsets.UTF_8));
  }
}
