package io.mlpipeline.spark.suggest;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.spark.gate.Auditor;
import io.mlpipeline.spark.gate.GateContext;
import io.mlpipeline.spark.gate.GateSyntax;
import io.mlpipeline.spark.gate.Rehearsal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Proposes a gate for a dataset from versions of it. Every proposed rule is judged on all rows of
 * every version first: a rule that blocks or warns holds on each of them, and one that sets rows
 * apart takes few of each. The same versions give the same proposals, in the same order.
 */
public final class GateSuggester {

  /** A rule that sets more aside describes something else than the data. */
  private static final double MOST_APART = 0.05;

  private GateSuggester() {}

  /**
   * A rule that is proposed, and what it made of the rows that it was made from.
   *
   * @param rule the rule
   * @param share the greatest share of a version's rows that break it; negative if it does not
   *     judge single rows
   * @param observed what its first metric was, one number a version; empty if it has none
   */
  public record Suggestion(GateRule rule, double share, List<Double> observed) {

    public Suggestion {
      observed = List.copyOf(observed);
    }
  }

  /**
   * Proposes rules, in the order of severity and then of columns.
   *
   * @param versions the rows of versions of one dataset, the oldest first; at least one
   */
  public static List<Suggestion> suggest(List<Dataset<Row>> versions) {
    List<Profile> profiles = versions.stream().map(Profiler::of).toList();
    Profile newest = profiles.get(profiles.size() - 1);
    Dataset<Row> last = versions.get(versions.size() - 1);
    Hints hints = Hints.of(Profiler.sample(last, newest.rows()));
    List<GateRule> rules = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      for (Proposals.Proposal proposal : Proposals.of(profiles, hints)) {
        if (proposal.severity() == severity) {
          rules.add(rule("s" + rules.size(), proposal));
        }
      }
    }
    rules.removeIf(rule -> !GateSyntax.problems(List.of(rule), last.schema()).isEmpty());
    return proven(rules, versions);
  }

  private static GateRule rule(String id, Proposals.Proposal proposal) {
    return new GateRule(id, proposal.severity(), proposal.text(), SourceLocation.UNKNOWN);
  }

  /** Those that hold, with what was measured. */
  private static List<Suggestion> proven(List<GateRule> rules, List<Dataset<Row>> versions) {
    Map<String, Double> shares = new HashMap<>();
    Map<String, List<Double>> observed = new HashMap<>();
    List<GateRule> left = new ArrayList<>(rules);
    for (Dataset<Row> rows : versions) {
      long size = Math.max(1, rows.count());
      SortedMap<String, Long> broken = Rehearsal.counts(rows, left, GateContext.NONE);
      broken.forEach((id, n) -> shares.merge(id, (double) n / size, Math::max));
      left.removeIf(
          rule ->
              rule.severity() == Severity.QUARANTINE
                  && shares.getOrDefault(rule.id(), 1.0) > MOST_APART);
      List<GateRule> asWhole =
          left.stream().filter(rule -> rule.severity() != Severity.QUARANTINE).toList();
      for (RuleOutcome outcome :
          Auditor.judge(rows, "suggest", new GateSpec(asWhole), GateContext.NONE).outcomes()) {
        if (!outcome.passed()) {
          left.remove(outcome.rule());
        } else if (!outcome.observed().isEmpty()) {
          observed
              .computeIfAbsent(outcome.rule().id(), id -> new ArrayList<>())
              .add(outcome.observed().values().iterator().next());
        }
      }
    }
    return left.stream()
        .map(
            rule ->
                new Suggestion(
                    rule,
                    shares.getOrDefault(rule.id(), -1.0),
                    observed.getOrDefault(rule.id(), List.of())))
        .toList();
  }
}
