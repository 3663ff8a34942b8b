package io.mlpipeline.cli;

import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Events and what was measured, as people read them. */
final class ModelWords {

  private ModelWords() {}

  /** {@code rolled back}. */
  static String kind(RegistryEvent.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** {@code promoted 1.1.0 to staging by ann}. */
  static String event(RegistryEvent event) {
    PromotionStage to = event.to();
    boolean moves =
        event.kind() == RegistryEvent.Kind.PROMOTED || event.kind() == RegistryEvent.Kind.DEMOTED;
    String where = moves && to != null ? " to " + to.word() : "";
    return kind(event.kind()) + " " + event.version() + where + " by " + event.by();
  }

  /** {@code experimental -> staging}, or nothing. */
  static String move(RegistryEvent event) {
    PromotionStage from = event.from();
    PromotionStage to = event.to();
    if (to == null) {
      return "";
    }
    return from == null || from == to ? to.word() : from.word() + " -> " + to.word();
  }

  /** Four digits: more are noise to a reader, and JSON has all. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.4f", value);
  }

  /** What people ask for first, of whatever task; the rest is a command away. */
  private static final List<String> FIRST =
      List.of(
          "auc_roc", "auc_pr", "accuracy", "rmse", "r2", "mae", "silhouette", "ndcg_at_k", "cost");

  private static final int MOST_SHOWN = 3;

  /** The candidate's main metrics on all rows; of metrics that nobody knows, the first by name. */
  static String metrics(Evidence evidence) {
    Map<String, Double> all = evidence.metrics(Evidence.Subject.CANDIDATE, Evidence.ALL);
    List<String> known = FIRST.stream().filter(all::containsKey).toList();
    return (known.isEmpty() ? List.copyOf(all.keySet()) : known)
        .stream()
            .limit(MOST_SHOWN)
            .map(name -> name + " " + number(all.getOrDefault(name, Double.NaN)))
            .collect(Collectors.joining(", "));
  }

  /** {@code passed candidate.auc_roc >= 0.75 (candidate.auc_roc 0.84)}. */
  static String decided(Decided rule) {
    String observed =
        rule.observed().entrySet().stream()
            .map(e -> e.getKey() + " " + number(e.getValue()))
            .collect(Collectors.joining(", "));
    String message = rule.message() == null ? "" : ": " + rule.message();
    return (rule.passed() ? "passed  " : "failed  ")
        + rule.rule()
        + (observed.isEmpty() ? "" : " (" + observed + ")")
        + message;
  }

  /** Candidate and champion side by side, a row for each slice and metric. */
  static TextTable measured(Evidence evidence) {
    TextTable table = new TextTable("  slice", "metric", ">candidate", ">champion", ">rows", "");
    TreeSet<String> slices = new TreeSet<>();
    evidence.measured().forEach(one -> slices.add(one.slice()));
    slices.remove(Evidence.ALL);
    rows(table, evidence, Evidence.ALL);
    slices.forEach(slice -> rows(table, evidence, slice));
    return table;
  }

  private static void rows(TextTable table, Evidence evidence, String slice) {
    SortedMap<String, Double> champion = evidence.metrics(Evidence.Subject.CHAMPION, slice);
    for (Evidence.Measured one : evidence.measured()) {
      if (one.subject() == Evidence.Subject.CANDIDATE && one.slice().equals(slice)) {
        Double other = champion.get(one.metric());
        table.row(
            "  " + slice,
            one.metric(),
            number(one.value()),
            other == null ? "" : number(other),
            Words.count(one.rows()),
            one.small() ? "few rows" : "");
      }
    }
  }
}
