package io.mlpipeline.spark.drift;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of two profiles fall into the same bins. Rows without a value are a bin of their
 * own, so a changed share of nulls is a difference like any other.
 */
final class Bins {

  private static final int PARTS = 10;
  private static final int DIGITS = 6;

  private final List<String> labels;
  private final long[] baseline;
  private final long[] judged;

  private Bins(List<String> labels, long[] baseline, long[] judged) {
    this.labels = labels;
    this.baseline = baseline;
    this.judged = judged;
  }

  /** The distance between the two. */
  double distance(DriftMethod method) {
    return switch (method) {
      case PSI -> Distances.psi(baseline, judged);
      case JS -> Distances.jensenShannon(baseline, judged);
      default -> Distances.largest(baseline, judged);
    };
  }

  /** The baseline's tenths; null and NaN are bins of their own. */
  static Bins of(NumberProfile baseline, NumberProfile judged) {
    Ranks ranks = baseline.ranks();
    List<Ranks.Cut> cuts = ranks.cuts(PARTS);
    List<String> labels = new ArrayList<>();
    for (int i = 0; i <= cuts.size(); i++) {
      labels.add(label(i == 0 ? null : cuts.get(i - 1), i == cuts.size() ? null : cuts.get(i)));
    }
    labels.add("null");
    labels.add("NaN");
    return new Bins(labels, counts(baseline, ranks, cuts), counts(judged, judged.ranks(), cuts));
  }

  private static long[] counts(NumberProfile profile, Ranks ranks, List<Ranks.Cut> cuts) {
    long[] counts = new long[cuts.size() + 3];
    long before = 0;
    for (int i = 0; i < cuts.size(); i++) {
      long upTo = ranks.before(cuts.get(i));
      counts[i] = upTo - before;
      before = upTo;
    }
    counts[cuts.size()] = ranks.total() - before;
    counts[cuts.size() + 1] = profile.nulls();
    counts[cuts.size() + 2] = profile.notNumbers();
    return counts;
  }

  private static String label(Ranks.@Nullable Cut from, Ranks.@Nullable Cut to) {
    if (from == null && to == null) {
      return "any number";
    }
    if (from == null) {
      return Objects.requireNonNull(to).isAfter()
          ? "values up to " + number(to.value())
          : "values below " + number(to.value());
    }
    if (to == null) {
      return "values above " + number(from.value());
    }
    return from.value() == to.value()
        ? "the value " + number(from.value())
        : "values from " + number(from.value()) + " to " + number(to.value());
  }

  static String number(double value) {
    if (Double.isInfinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded =
        BigDecimal.valueOf(value).round(new MathContext(DIGITS)).stripTrailingZeros();
    return rounded.signum() == 0 ? "0" : rounded.toPlainString();
  }

  /** Each category, null and the rest; where one side lists not all, what both list. */
  static Bins of(CategoryProfile baseline, CategoryProfile judged) {
    SortedMap<String, Long> before = baseline.counts();
    SortedMap<String, Long> now = judged.counts();
    TreeSet<String> all = new TreeSet<>(before.keySet());
    all.addAll(now.keySet());
    if (!baseline.isWhole()) {
      all.retainAll(before.keySet());
    }
    if (!judged.isWhole()) {
      all.retainAll(now.keySet());
    }
    List<String> labels = new ArrayList<>();
    all.forEach(category -> labels.add('"' + category + '"'));
    labels.add("null");
    labels.add("all other values");
    return new Bins(labels, counts(baseline, before, all), counts(judged, now, all));
  }

  private static long[] counts(
      CategoryProfile profile, Map<String, Long> counts, Set<String> listed) {
    long[] all = new long[listed.size() + 2];
    int at = 0;
    long sum = 0;
    for (String category : listed) {
      all[at] = counts.getOrDefault(category, 0L);
      sum += all[at++];
    }
    all[at] = profile.nulls();
    all[at + 1] = profile.rows() - profile.nulls() - sum;
    return all;
  }

  /** The bin that a method finds changed most, and from what to what. */
  String widest(DriftMethod method) {
    int at =
        method == DriftMethod.PSI
            ? Distances.leastStable(baseline, judged)
            : Distances.widest(baseline, judged);
    return labels.get(at)
        + " were "
        + percent(baseline[at] / Distances.sum(baseline))
        + " of the rows and are "
        + percent(judged[at] / Distances.sum(judged));
  }

  static String percent(double share) {
    return number(share * 100) + " %";
  }
}
