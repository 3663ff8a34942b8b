package io.mlpipeline.cli;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.model.Waivers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A rule of a run that a human may waive.
 *
 * @param event the attempt that it judged
 * @param dataset the dataset
 * @param outcome what became of it
 */
record FailedRule(LineageEvent event, String dataset, RuleOutcome outcome) {

  /** What begins the reason of a rule that nobody could judge. */
  private static final String NOT_EVALUATED = ": not evaluated: ";

  private String id() {
    return outcome.rule().id();
  }

  /** Whether the rows were never judged by it. */
  boolean isUnevaluated() {
    return outcome.message() != null && outcome.message().contains(NOT_EVALUATED);
  }

  /** Whether it is in the way of publishing. */
  boolean stops() {
    return !outcome.passed()
        && outcome.rule().severity() != Severity.WARN
        && outcome.waiver() == null;
  }

  /** Every rule that judged something in a run, as it was judged last. */
  static List<FailedRule> all(List<LineageEvent> run) {
    Map<String, FailedRule> rules = new LinkedHashMap<>();
    for (LineageEvent event : run) {
      boolean judged = event.kind() == LineageEvent.Kind.ATTEMPT;
      for (GateReport gate : judged ? event.gates() : List.<GateReport>of()) {
        for (RuleOutcome outcome : gate.outcomes()) {
          String key = event.step() + "/" + gate.dataset() + "/" + outcome.rule().id();
          rules.put(key, new FailedRule(event, gate.dataset(), outcome));
        }
      }
    }
    return new ArrayList<>(rules.values());
  }

  /**
   * The one rule that is meant by an id, the beginning of one, or a text.
   *
   * @param dataset where; empty if it was not said
   * @throws EngineException if it is not one, or may not be waived
   */
  static FailedRule find(List<LineageEvent> run, String runId, String wanted, String dataset) {
    List<FailedRule> all = all(run);
    if (all.isEmpty()) {
      throw EngineException.misused(
          "no gate judged anything in run " + runId, "mlpipeline runs show " + runId);
    }
    List<FailedRule> there = all;
    if (!dataset.isEmpty()) {
      there = all.stream().filter(rule -> rule.dataset.equals(dataset)).toList();
      if (there.isEmpty()) {
        throw unknown("no gate of run " + runId + " judged " + dataset, dataset, datasets(all));
      }
    }
    return waivable(one(matching(there, wanted, runId), wanted), runId);
  }

  private static List<FailedRule> matching(List<FailedRule> rules, String wanted, String runId) {
    List<Predicate<FailedRule>> ways =
        List.of(
            rule -> rule.id().equals(wanted),
            rule -> rule.outcome.rule().text().equals(wanted.strip()),
            rule -> rule.id().startsWith(wanted));
    for (Predicate<FailedRule> way : ways) {
      List<FailedRule> found = rules.stream().filter(way).toList();
      if (!found.isEmpty() && !wanted.isBlank()) {
        return found;
      }
    }
    TreeSet<String> failed = new TreeSet<>();
    rules.stream().filter(rule -> !rule.outcome.passed()).forEach(rule -> failed.add(rule.id()));
    throw unknown("run " + runId + " has no rule '" + wanted + "'", wanted, failed);
  }

  private static EngineException unknown(String what, String wanted, TreeSet<String> known) {
    String near = Suggestions.didYouMean(wanted, known);
    String names = known.isEmpty() ? "no rule failed" : "there is " + String.join(", ", known);
    return EngineException.misused(what, near == null ? names : near);
  }

  private static FailedRule one(List<FailedRule> found, String wanted) {
    TreeSet<String> ids = new TreeSet<>(found.stream().map(FailedRule::id).toList());
    if (ids.size() > 1) {
      throw EngineException.misused(
          "'" + wanted + "' is the beginning of several rules: " + String.join(", ", ids),
          "give the whole id");
    }
    // Several steps may read one input, and its gate judges it for each of them.
    TreeSet<String> datasets = datasets(found);
    if (datasets.size() > 1) {
      throw EngineException.misused(
          "rule " + ids.first() + " judges " + String.join(" and ", datasets),
          "say which with --dataset " + datasets.first());
    }
    return found.stream().filter(rule -> !rule.outcome.passed()).findFirst().orElse(found.get(0));
  }

  private static TreeSet<String> datasets(List<FailedRule> rules) {
    return new TreeSet<>(rules.stream().map(rule -> rule.dataset).toList());
  }

  private static FailedRule waivable(FailedRule rule, String runId) {
    String named = "rule " + rule.id() + " of " + rule.dataset;
    if (Waivers.NEVER.contains(rule.id())) {
      throw EngineException.misused(
          named + " can never be waived: rows are missing and nobody knows which",
          "find the step that loses them");
    }
    if (rule.outcome.passed()) {
      throw EngineException.misused(
          named + " held in run " + runId,
          "there is nothing to waive; the rules that failed are " + failed(rule.event));
    }
    if (rule.outcome.rule().severity() == Severity.WARN) {
      throw EngineException.misused(
          named + " only warns", "it stops nothing, so there is nothing to waive");
    }
    return rule;
  }

  private static String failed(LineageEvent event) {
    String ids =
        all(List.of(event)).stream()
            .filter(FailedRule::stops)
            .map(FailedRule::id)
            .collect(Collectors.joining(", "));
    return ids.isEmpty() ? "none" : ids;
  }

  /** The other rules that stop the same step. */
  List<FailedRule> others() {
    return all(List.of(event)).stream()
        .filter(FailedRule::stops)
        .filter(other -> !(other.dataset.equals(dataset) && Objects.equals(other.id(), id())))
        .toList();
  }
}
