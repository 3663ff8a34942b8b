package io.mlpipeline.spark.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Compares two profiles of the same column. Pure: equal profiles give equal answers. */
public final class Drift {

  private Drift() {}

  /**
   * How far apart two distributions are.
   *
   * @param distance the distance; NaN if one side has no rows
   * @param where what differs most, for people; empty if one side has no rows
   */
  public record Difference(double distance, String where) {}

  /**
   * Categories that one side has and the other has not.
   *
   * @param names the categories, null as {@code null}, the others in quotes; sorted
   * @param rows how many rows they have together
   */
  public record Strangers(List<String> names, long rows) {

    public Strangers {
      names = List.copyOf(names);
    }
  }

  /**
   * The distance from a baseline.
   *
   * @param baseline the profile to compare with
   * @param judged the profile that is judged
   * @param column the column; both profiles must hold it in the form that the method takes
   * @param method how to compare; for {@link DriftMethod#PSI} and {@link DriftMethod#JS} the form
   *     that both hold decides: tenths of the baseline's numbers, or categories
   */
  public static Difference between(
      Profile baseline, Profile judged, String column, DriftMethod method) {
    if (method == DriftMethod.KS) {
      return kolmogorovSmirnov(baseline.numbers(column), judged.numbers(column));
    }
    boolean isOfNumbers =
        method != DriftMethod.LINF
            && baseline.only(new Asked(column, Asked.Form.NUMBERS)).isPresent();
    Bins bins =
        isOfNumbers
            ? Bins.of(baseline.numbers(column), judged.numbers(column))
            : Bins.of(baseline.categories(column), judged.categories(column));
    double distance = bins.distance(method);
    return new Difference(distance, Double.isNaN(distance) ? "" : bins.widest(method));
  }

  /** The categories of {@code of} that {@code other} does not have; null is one of them. */
  public static Strangers strangers(Profile of, Profile other, String column) {
    CategoryProfile known = other.categories(column);
    CategoryProfile asked = of.categories(column);
    SortedMap<String, Long> names = known.counts();
    List<String> strange = new ArrayList<>();
    long rows = 0;
    for (var one : asked.counts().entrySet()) {
      if (!names.containsKey(one.getKey())) {
        strange.add('"' + one.getKey() + '"');
        rows += one.getValue();
      }
    }
    if (asked.nulls() > 0 && known.nulls() == 0) {
      strange.add("null");
      rows += asked.nulls();
    }
    return new Strangers(strange, rows);
  }

  /** Whether the profile lists every category of a column, or only the most frequent. */
  public static boolean isWhole(Profile profile, String column) {
    return profile.categories(column).isWhole();
  }

  /**
   * The largest difference of the two distribution functions (Kolmogorov 1933, Smirnov 1939), over
   * all rows: null before every number and NaN after, as Spark sorts them.
   */
  private static Difference kolmogorovSmirnov(NumberProfile baseline, NumberProfile judged) {
    double all = baseline.rows();
    double allJudged = judged.rows();
    if (all == 0 || allJudged == 0) {
      return new Difference(Double.NaN, "");
    }
    double before = baseline.nulls() / all;
    double now = judged.nulls() / allJudged;
    double most = Math.abs(now - before);
    String where = "null was " + Bins.percent(before) + " of the rows and is " + Bins.percent(now);
    Ranks ranks = baseline.ranks();
    Ranks judgedRanks = judged.ranks();
    for (Ranks side : List.of(ranks, judgedRanks)) {
      for (double value : side.values()) {
        Ranks.Cut cut = new Ranks.Cut(value, true);
        double p = (baseline.nulls() + ranks.before(cut)) / all;
        double q = (judged.nulls() + judgedRanks.before(cut)) / allJudged;
        if (Math.abs(q - p) > most) {
          most = Math.abs(q - p);
          where =
              Bins.percent(p)
                  + " of the rows were at most "
                  + Bins.number(value)
                  + ", and "
                  + Bins.percent(q)
                  + " are";
        }
      }
    }
    return new Difference(most, where);
  }
}
