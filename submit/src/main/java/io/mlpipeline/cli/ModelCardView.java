package io.mlpipeline.cli;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ReceiptStep;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.VersionState;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that is known of one model version, for people. */
final class ModelCardView {

  private final PrintWriter out;

  ModelCardView(PrintWriter out) {
    this.out = out;
  }

  static EngineException missing(String model, VersionState version) {
    return new EngineException(
        ErrorType.STORAGE_CORRUPT,
        "The card of "
            + model
            + "@"
            + version.version()
            + " is missing (_ml/registry/"
            + model
            + "/cards/"
            + version.card()
            + ".json). Restore it from a backup: no other file says how this version was made.");
  }

  void print(VersionState version, ModelCard card, List<RegistryEvent> events) {
    head(version, card);
    events.stream()
        .filter(event -> event.number() == version.removed())
        .forEach(
            event ->
                line(
                    "files", "removed by gc, " + Words.time(event.at()) + " (UTC), " + event.by()));
    if (card.signature() != null) {
      signature(card.signature());
    }
    made(card);
    events.stream()
        .filter(event -> event.number() == version.evaluated())
        .flatMap(event -> Stream.ofNullable(event.evidence()))
        .forEach(evidence -> evidence(version.evaluated(), evidence));
    out.println("events");
    TextTable table = new TextTable("  #", "at (UTC)", "event", "reason");
    for (RegistryEvent event : events) {
      String reason = event.reason() == null ? "" : event.reason();
      table.row("  " + event.number(), Words.time(event.at()), ModelWords.event(event), reason);
    }
    table.print(out);
  }

  private void head(VersionState version, ModelCard card) {
    line("model", card.model() + "@" + card.version() + "  " + card.digest());
    line(
        "stage",
        version.stage().word()
            + " since "
            + Words.time(version.since())
            + (version.isRejected() ? ", rejected" : ""));
    line("author", card.by() + ", " + Words.time(card.at()) + " (UTC), run " + card.run());
    if (!version.approvals().isEmpty()) {
      line("approved", String.join(", ", version.approvals()));
    }
    line("version", card.change());
    line("artifact", card.pipeline() + "/" + card.artifact() + " in " + card.uri());
  }

  private void signature(ModelSignature signature) {
    line("task", signature.task());
    line("takes", fields(signature.inputs()));
    if (signature.label() != null) {
      line("label", fields(List.of(signature.label())));
    }
    line("gives", fields(signature.outputs()));
  }

  private static String fields(List<ModelSignature.Field> fields) {
    return fields.stream().map(f -> f.name() + " " + f.type()).collect(Collectors.joining(", "));
  }

  private void made(ModelCard card) {
    LineageInput rows = card.trainedOn();
    if (rows != null) {
      String count = rows.rows() < 0 ? "" : ", " + Words.count(rows.rows()) + " rows";
      line("trained on", rows.name() + " v" + rows.version() + count + ", " + rows.identity());
    }
    for (PinnedSource source : card.sources()) {
      int files = source.files().size();
      String what = files == 0 ? "" : files + (files == 1 ? " file, " : " files, ");
      line("source", source.dataset() + ": " + what + source.identity());
    }
    for (ReceiptStep step : card.steps()) {
      String params =
          step.entry().fingerprint().ingredients().stream()
              .filter(i -> i.kind() == Ingredient.Kind.PARAM)
              .map(i -> i.name() + "=" + brief(i.value()))
              .collect(Collectors.joining(" "));
      line("step", step.step() + " (" + step.uses() + ") " + params);
    }
    card.training().ifPresent(step -> metrics("trained to", step.entry().metrics()));
    String facts =
        card.facts().entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    if (!facts.isEmpty()) {
      line("with", facts);
    }
  }

  private void metrics(String name, Map<String, Double> metrics) {
    if (!metrics.isEmpty()) {
      line(
          name,
          metrics.entrySet().stream()
              .map(e -> e.getKey() + " " + ModelWords.number(e.getValue()))
              .collect(Collectors.joining(", ")));
    }
  }

  private void evidence(long number, Evidence evidence) {
    String champion = evidence.champion();
    line(
        "evidence",
        "event "
            + number
            + ", holdout "
            + evidence.holdout()
            + ", "
            + (champion == null ? "no champion then" : "champion " + Words.digest(champion)));
    ModelWords.measured(evidence).print(out);
  }

  /** A query as a param would fill the screen. */
  private static String brief(String value) {
    String oneLine = value.replace('\n', ' ').strip();
    return oneLine.length() > 40 ? oneLine.substring(0, 37) + "..." : oneLine;
  }

  private void line(String name, String text) {
    out.println(
        String.format("%-11s", name) + Messages.clean(text).replace('\n', ' ').stripTrailing());
  }
}
