package io.mlpipeline.steps.evaluate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What metrics are called, and which of their values are better. Every name is an identifier of
 * SQL, {@code [a-z][a-z0-9_]*}, so that a promotion gate can ask for it.
 */
public final class MetricNames {

  private static final Set<String> HIGHER =
      Set.of(
          "auc_roc",
          "auc_pr",
          "accuracy",
          "f1",
          "precision",
          "recall",
          "true_positive_rate",
          "macro_precision",
          "macro_recall",
          "macro_f1",
          "weighted_precision",
          "weighted_f1",
          "r2",
          "coverage",
          "silhouette");

  private static final Set<String> LOWER =
      Set.of(
          "log_loss",
          "false_positive_rate",
          "rmse",
          "mae",
          "mape",
          "cost",
          "cost_per_row",
          "p50_ms_per_1k_rows",
          "p95_ms_per_1k_rows");

  private static final List<String> HIGHER_PREFIXES =
      List.of("recall_", "precision_", "lift_at_", "ndcg_at_");

  private static final List<String> LOWER_PREFIXES =
      List.of("demographic_parity_gap_", "equal_opportunity_gap_", "equalized_odds_gap_");

  private static final List<String> GAINS = List.of("_gain", "_gain_low", "_gain_high");

  /** Which values of a metric are better. */
  public enum Better {
    HIGHER,
    LOWER
  }

  private MetricNames() {}

  /** Which values are better; empty for a metric that is unknown or better in neither direction. */
  public static Optional<Better> better(String metric) {
    if (LOWER.contains(metric) || LOWER_PREFIXES.stream().anyMatch(metric::startsWith)) {
      return Optional.of(Better.LOWER);
    }
    boolean higher =
        HIGHER.contains(metric)
            || HIGHER_PREFIXES.stream().anyMatch(metric::startsWith)
            || GAINS.stream().anyMatch(metric::endsWith);
    return higher ? Optional.of(Better.HIGHER) : Optional.empty();
  }

  /** A column's or a class's name as a part of a metric's: lower case, {@code _} for all else. */
  public static String part(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
  }
}
