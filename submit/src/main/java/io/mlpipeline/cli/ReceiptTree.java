package io.mlpipeline.cli;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ReceiptStep;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A model's receipt as a tree: the step that made it, what that read, down to raw files. */
final class ReceiptTree {

  private final ModelCard card;
  private final Set<String> shown = new HashSet<>();

  ReceiptTree(ModelCard card) {
    this.card = card;
  }

  /**
   * A step, or what came from outside.
   *
   * @param text one line
   * @param details lines that say more of it
   * @param children what it was made from
   */
  record Node(String text, List<String> details, List<Node> children) {}

  /** The step that made the model's content known under its name, and all behind it. */
  Node root() {
    List<ReceiptStep> steps = card.steps();
    return steps.isEmpty()
        ? new Node("no step is on the card", List.of(), List.of())
        : step(steps.get(steps.size() - 1));
  }

  /** The step on the card that made what a step read; empty if that came from outside. */
  static Optional<ReceiptStep> maker(ModelCard card, LineageInput input) {
    return card.steps().stream()
        .filter(
            step ->
                step.entry().outputs().stream()
                    .anyMatch(
                        o ->
                            o.name().equals(input.name()) && o.identity().equals(input.identity())))
        .findFirst();
  }

  /** The files or the table from outside that a step read. */
  static Optional<PinnedSource> source(ModelCard card, LineageInput input) {
    return card.sources().stream()
        .filter(source -> source.dataset().equals(input.name()))
        .findFirst();
  }

  private Node step(ReceiptStep step) {
    String head = "step " + step.step() + " (" + step.uses() + ")";
    if (!shown.add(step.step())) {
      return new Node(head + " (see above)", List.of(), List.of());
    }
    List<String> details = new ArrayList<>();
    details.add("run " + step.entry().run() + ", " + Words.time(step.entry().at()) + " (UTC)");
    details.add("fingerprint " + step.entry().fingerprint().sha256());
    step.entry().outputs().forEach(output -> details.add("made " + output(output)));
    for (Ingredient one : step.entry().fingerprint().ingredients()) {
      if (one.kind() != Ingredient.Kind.INPUT) {
        details.add(ingredient(one));
      }
    }
    step.entry()
        .metrics()
        .forEach((name, value) -> details.add("metric " + name + " " + ModelWords.number(value)));
    step.entry().gates().forEach(gate -> details.addAll(gate(gate)));
    List<Node> children = new ArrayList<>();
    step.inputs().forEach(input -> children.add(input(input, step)));
    return new Node(head, details, children);
  }

  private Node input(LineageInput input, ReceiptStep reader) {
    Optional<ReceiptStep> maker = maker(card, input);
    List<String> details = new ArrayList<>();
    details.add(input.identity());
    List<Node> children = new ArrayList<>();
    if (maker.isPresent()) {
      children.add(step(maker.get()));
    } else {
      Optional<PinnedSource> source = source(card, input);
      source.ifPresent(s -> details.addAll(files(s)));
      if (source.isEmpty()) {
        details.add(
            passesOn(reader)
                ? "it helped to choose between models; the chosen one is not made of it"
                : "the card does not say where it came from");
      }
    }
    boolean isTable = input.version() >= 0 && !input.isModel();
    String version = isTable ? " v" + input.version() : "";
    String rows = !isTable || input.rows() < 0 ? "" : ", " + Words.count(input.rows()) + " rows";
    return new Node(
        "read " + input.port() + ": " + input.name() + version + rows, details, children);
  }

  /** Whether a step only passes a model on that it read. */
  private static boolean passesOn(ReceiptStep step) {
    return step.entry().outputs().stream()
        .anyMatch(o -> step.inputs().stream().anyMatch(i -> i.identity().equals(o.identity())));
  }

  private static List<String> files(PinnedSource source) {
    List<String> lines = new ArrayList<>();
    lines.add("from " + source.uri() + (source.weak() ? ", by size and time alone" : ""));
    source
        .files()
        .forEach(
            file ->
                lines.add(
                    "file "
                        + file.name()
                        + ", "
                        + Words.bytes(file.size())
                        + ", "
                        + file.digest()));
    return lines;
  }

  private static String output(OutputVersion output) {
    return switch (output.kind()) {
      case TABLE ->
          output.uri()
              + " v"
              + output.version()
              + ", "
              + Words.count(output.rows())
              + " rows, "
              + output.identity();
      case MODEL -> "model " + output.name() + " " + output.digest() + " in " + output.uri();
      case REGISTRATION -> "event " + output.version() + " of model " + output.name();
    };
  }

  private static String ingredient(Ingredient one) {
    boolean isCode = one.kind() == Ingredient.Kind.CODE && !one.name().isEmpty();
    return isCode ? "code " + one.name() + " " + one.value() : one.label() + " " + one.value();
  }

  private static List<String> gate(GateReport gate) {
    List<String> lines = new ArrayList<>();
    for (RuleOutcome outcome : gate.outcomes()) {
      String message = outcome.message() == null ? "" : ": " + outcome.message();
      lines.add(
          "gate "
              + gate.dataset()
              + " "
              + (outcome.passed() ? "passed " : "failed ")
              + outcome.rule().text().strip()
              + message
              + Words.waiver(outcome.waiver()));
    }
    Words.quarantine(gate).ifPresent(apart -> lines.add("set apart " + apart));
    return lines;
  }
}
