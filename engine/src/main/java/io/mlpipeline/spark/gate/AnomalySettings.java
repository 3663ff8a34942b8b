package io.mlpipeline.spark.gate;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the tags of a {@code DetectAnomalies} rule say, with what they do not say filled in.
 *
 * @param strategy how the next value is expected
 * @param kind what sort of number the metric is
 * @param sigma how many standard deviations are expected
 * @param share how much of the centre is expected in any case; null for the strategy's own
 * @param lower the least change or value; negative infinity if there is none
 * @param upper the largest change or value; positive infinity if there is none
 * @param season how many runs make a season
 * @param minRuns how many earlier runs it takes to judge
 * @param runs how many earlier runs are looked at
 */
record AnomalySettings(
    Strategy strategy,
    Kind kind,
    double sigma,
    @Nullable Double share,
    double lower,
    double upper,
    int season,
    int minRuns,
    int runs) {

  /** What sort of number a metric is, which says what of it is noise. */
  enum Kind {
    /** From 0 to 1. */
    SHARE,
    /** How many of something. */
    COUNT,
    NUMBER
  }

  private static final double SIGMA = 4;
  private static final double NORMAL_SIGMA = 3;
  private static final int WEEK = 7;
  private static final int RUNS = 30;
  private static final int SEASONS = 8;

  /** Tags that were checked. */
  static AnomalySettings of(Strategy strategy, Kind kind, Map<String, String> tags) {
    boolean isNormal = strategy == Strategy.BATCH_NORMAL || strategy == Strategy.ONLINE_NORMAL;
    int season = whole(tags, "season", WEEK);
    boolean isSeasonal = strategy == Strategy.SEASONAL;
    int least = isSeasonal ? 2 * season : strategy.minRuns();
    int most = isSeasonal ? Math.min(History.MOST_RUNS, SEASONS * season) : RUNS;
    int minRuns = Math.max(isSeasonal ? least : 0, whole(tags, "min_runs", least));
    String floor = tags.get("floor");
    return new AnomalySettings(
        strategy,
        kind,
        number(tags, "sigma", isNormal ? NORMAL_SIGMA : SIGMA),
        floor == null ? null : Double.valueOf(floor),
        number(tags, "lower", Double.NEGATIVE_INFINITY),
        number(tags, "upper", Double.POSITIVE_INFINITY),
        season,
        minRuns,
        Math.max(minRuns, whole(tags, "runs", most)));
  }

  private static double number(Map<String, String> tags, String tag, double otherwise) {
    String value = tags.get(tag);
    return value == null ? otherwise : Double.parseDouble(value);
  }

  private static int whole(Map<String, String> tags, String tag, int otherwise) {
    String value = tags.get(tag);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  /** The distance from the centre that is never an anomaly, however constant the past was. */
  double floor(double centre, int n) {
    Double given = share;
    if (given != null) {
      return kind == Kind.SHARE ? given : given * Math.abs(centre);
    }
    boolean isNormal = strategy == Strategy.BATCH_NORMAL || strategy == Strategy.ONLINE_NORMAL;
    if (kind == Kind.SHARE) {
      return isNormal ? 0.001 : Math.max(0.01, 0.1 / n);
    }
    double relative = (isNormal ? 0.01 : Math.max(0.05, 1.0 / n)) * Math.abs(centre);
    return kind == Kind.COUNT && !isNormal
        ? Math.max(relative, Math.sqrt(Math.abs(centre)))
        : relative;
  }

  /** What is expected after these values, oldest first. */
  Expectation expectation(double... past) {
    if (past.length < minRuns) {
      return Expectation.none(past.length, minRuns);
    }
    Band band = strategy.band(past, this);
    Band possible =
        switch (kind) {
          case SHARE -> strategy.isTold() ? band : band.cut(0, 1);
          case COUNT -> strategy.isTold() ? band : band.cut(0, Double.POSITIVE_INFINITY);
          case NUMBER -> band;
        };
    int used = strategy == Strategy.SIMPLE_THRESHOLD ? 0 : past.length;
    String basis =
        used == 0 ? strategy.word() : strategy.word() + ", by " + used + plural(used, " run");
    return Expectation.within(possible, basis);
  }

  static String plural(int n, String word) {
    return n == 1 ? word : word + "s";
  }
}
