package io.mlpipeline.spark.gate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the next value of a metric is expected from its past. The formulas are Deequ's wherever Deequ
 * has the strategy; they are computed here because there a value that is not a number is normal,
 * one in the past makes everything anomalous or nothing, a constant past makes any change an
 * anomaly, and {@code OnlineNormalStrategy} counts the new value among those that judge it, so that
 * nothing can be anomalous before the tenth run.
 */
enum Strategy {
  /**
   * {@code |x - median| <= max(sigma (1 + 4/n) s, floor)}, where {@code s} is 1.4826 times the
   * median absolute deviation (Iglewicz and Hoaglin 1993), or the standard deviation if that is
   * more and there are fewer than ten values. One odd value in the past moves neither; few values
   * make it wide.
   */
  ROBUST(2, "sigma", "floor", "runs"),
  /** {@code |x - mean| <= max(sigma sd, floor)} over the last runs. */
  BATCH_NORMAL(3, "sigma", "floor", "runs"),
  /** The same with {@code sigma (1 + 4/n)}, and past values that were odd themselves left out. */
  ONLINE_NORMAL(5, "sigma", "floor", "runs"),
  /** {@code lower <= x - last <= upper}. */
  ABSOLUTE_CHANGE(1, "lower", "upper"),
  /** Deequ's other name for the absolute change. */
  RATE_OF_CHANGE(1, "lower", "upper"),
  /** {@code lower <= x / last <= upper}. */
  RELATIVE_RATE_OF_CHANGE(1, "lower", "upper"),
  /** {@code lower <= x <= upper}. */
  SIMPLE_THRESHOLD(0, "lower", "upper"),
  /**
   * The value one season ago, plus the median step {@code d} from season to season, within {@code
   * max(sigma (1 + 4/n) s, floor)}, where {@code s} is the spread of those steps.
   */
  SEASONAL(0, "sigma", "floor", "runs", "season");

  private static final int FEW = 10;
  private static final int SETTLED = 5;

  private final int minRuns;
  private final String tags;

  Strategy(int minRuns, String... tags) {
    this.minRuns = minRuns;
    this.tags = "," + String.join(",", tags) + ",";
  }

  /** As rules write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Strategy> of(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Strategy::word).toList();
  }

  /** How many runs it wants to have seen if nobody says otherwise. */
  int minRuns() {
    return minRuns;
  }

  /** Whether it is told what to allow, and cannot know. */
  boolean isTold() {
    return takes("lower");
  }

  boolean takes(String tag) {
    return tags.contains("," + tag + ",");
  }

  /** What is expected after these values, which are enough. */
  Band band(double[] past, AnomalySettings settings) {
    double last = past.length == 0 ? Double.NaN : past[past.length - 1];
    return switch (this) {
      case ROBUST -> robust(past, Sample.median(past), settings);
      case BATCH_NORMAL -> normal(past, 1, settings);
      case ONLINE_NORMAL -> online(withoutOdd(past, settings), settings);
      case ABSOLUTE_CHANGE, RATE_OF_CHANGE ->
          new Band(last + settings.lower(), last + settings.upper());
      case RELATIVE_RATE_OF_CHANGE -> relative(last, settings);
      case SIMPLE_THRESHOLD -> new Band(settings.lower(), settings.upper());
      case SEASONAL -> seasonal(past, settings);
    };
  }

  /** A spread that few values show is taken for more than it is. */
  private static double widening(int n) {
    return 1 + 4.0 / n;
  }

  private static Band robust(double[] values, double centre, AnomalySettings settings) {
    int n = values.length;
    double spread = Sample.spread(values);
    double scale = n < FEW ? Math.max(spread, Sample.deviation(values)) : spread;
    double width = settings.sigma() * widening(n) * scale;
    return Band.around(centre, Math.max(width, settings.floor(centre, n)));
  }

  private static Band online(double[] values, AnomalySettings settings) {
    return normal(values, widening(values.length), settings);
  }

  private static Band normal(double[] values, double widening, AnomalySettings settings) {
    double mean = Sample.mean(values);
    double width = settings.sigma() * widening * Sample.deviation(values);
    return Band.around(mean, Math.max(width, settings.floor(mean, values.length)));
  }

  private static double[] withoutOdd(double[] past, AnomalySettings settings) {
    double[] kept = new double[0];
    for (double value : past) {
      if (kept.length < SETTLED || online(kept, settings).holds(value)) {
        kept = Arrays.copyOf(kept, kept.length + 1);
        kept[kept.length - 1] = value;
      }
    }
    return kept;
  }

  private static Band relative(double last, AnomalySettings settings) {
    if (last == 0) {
      return new Band(0, 0); // any other value is infinitely many times as much
    }
    double one = settings.lower() * last;
    double other = settings.upper() * last;
    return new Band(Math.min(one, other), Math.max(one, other));
  }

  private static Band seasonal(double[] past, AnomalySettings settings) {
    int season = settings.season();
    double[] steps = new double[past.length - season];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = past[i + season] - past[i];
    }
    double centre = past[past.length - season] + Sample.median(steps);
    return robust(steps, centre, settings);
  }
}
