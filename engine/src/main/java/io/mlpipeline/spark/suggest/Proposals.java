package io.mlpipeline.spark.suggest;

import io.mlpipeline.model.Severity;
import io.mlpipeline.spark.suggest.Bands.Band;
import io.mlpipeline.spark.suggest.Hints.Hint;
import io.mlpipeline.spark.suggest.Profile.Kind;
import io.mlpipeline.spark.suggest.Profile.Numbers;
import io.mlpipeline.spark.suggest.Profile.OfColumn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * What a careful person asks for who has seen these versions: what is structural blocks, what is
 * distribution warns, what is wrong with one row sets it apart. Whether it holds is tried later.
 */
final class Proposals {

  private static final Pattern KEY =
      Pattern.compile("(.*[_\\- ])?(id|key|uuid|guid|code|number|no|nr)", Pattern.CASE_INSENSITIVE);
  private static final Pattern CAMEL_KEY = Pattern.compile(".*[a-z0-9](Id|ID|Key|Code|Number|No)");

  /** A value that was seen less often says that others wait to be seen. */
  private static final long SELDOM = 3;

  private static final int CODE_LENGTH = 40;

  private final List<Profile> profiles;
  private final Hints hints;
  private final int versions;
  private final List<Proposal> all = new ArrayList<>();

  private Proposals(List<Profile> profiles, Hints hints) {
    this.profiles = profiles;
    this.hints = hints;
    this.versions = profiles.size();
  }

  /**
   * One rule that is proposed.
   *
   * @param severity what its failure would mean
   * @param text the rule
   */
  record Proposal(Severity severity, String text) {}

  /**
   * Proposes rules.
   *
   * @param profiles the versions, the newest last
   * @param hints what Deequ says of the newest
   */
  static List<Proposal> of(List<Profile> profiles, Hints hints) {
    Proposals proposals = new Proposals(profiles, hints);
    proposals.rowCount();
    for (OfColumn column : profiles.get(profiles.size() - 1).columns()) {
      List<OfColumn> seen = new ArrayList<>();
      profiles.forEach(profile -> profile.find(column.name()).ifPresent(seen::add));
      boolean isPlain = column.name().matches("[^\"\\\\\\p{Cntrl}]+");
      boolean isSame = seen.stream().allMatch(one -> one.kind() == column.kind());
      if (isPlain && isSame) {
        proposals.column(seen, column);
      }
    }
    return proposals.all;
  }

  private void add(Severity severity, String text) {
    all.add(new Proposal(severity, text));
  }

  private void rowCount() {
    long least = profiles.stream().mapToLong(Profile::rows).min().orElse(0);
    long most = profiles.stream().mapToLong(Profile::rows).max().orElse(0);
    if (least > 0) {
      double factor = versions >= 10 ? 1.5 : versions >= 3 ? 2 : 3;
      // The lower bound is excluded, so it lies below what is asked for.
      String low = Bands.down(Math.floor(least / factor), 2);
      add(
          Severity.BLOCK,
          "RowCount between " + low + " and " + Bands.up(Math.ceil(most * factor) + 1, 2));
    }
  }

  private void column(List<OfColumn> seen, OfColumn newest) {
    String name = "\"" + newest.name() + "\"";
    boolean isComplete = seen.stream().allMatch(OfColumn::isComplete);
    boolean isEmpty = seen.stream().allMatch(one -> one.present() == 0);
    if (isEmpty) {
      if (newest.rows() > 0) {
        add(Severity.WARN, "Completeness " + name + " < 0.01");
      }
      return;
    }
    boolean isKey = isComplete && isKey(seen, newest);
    if (isKey) {
      add(Severity.BLOCK, "IsPrimaryKey " + name);
    } else if (isComplete) {
      add(Severity.BLOCK, "IsComplete " + name);
    } else {
      completeness(seen, name);
    }
    String where = isComplete ? "" : " where \"`" + newest.name() + "` is not null\"";
    boolean isCategory = categories(seen, newest, name, isComplete);
    switch (newest.kind()) {
      case WHOLE, FRACTION -> {
        if (!isKey && !isCategory && !isIdentifier(newest.name())) {
          distribution(seen, name);
          bounds(seen, newest, name, where);
        }
      }
      case TEXT -> {
        if (!isCategory) {
          text(seen, newest, name, where);
        }
      }
      case DAY -> days(seen, name, where);
      case OTHER -> {}
    }
  }

  private boolean isKey(List<OfColumn> seen, OfColumn newest) {
    boolean canBe = newest.kind() == Kind.WHOLE || newest.kind() == Kind.TEXT;
    boolean isDistinct =
        seen.stream().allMatch(one -> one.rows() >= 2 && one.distinct() >= 0.9 * one.rows());
    return canBe
        && isDistinct
        && isIdentifier(newest.name())
        && (hints.has(newest.name(), Hint.UNIQUE) || newest.distinct() >= 0.95 * newest.rows());
  }

  private static boolean isIdentifier(String name) {
    return KEY.matcher(name).matches() || CAMEL_KEY.matcher(name).matches();
  }

  /** As many values again may be absent, and more where little was seen. */
  private void completeness(List<OfColumn> seen, String name) {
    double least = seen.stream().mapToDouble(OfColumn::completeness).min().orElse(0);
    double most = seen.stream().mapToDouble(OfColumn::completeness).max().orElse(0);
    double absent = 1 - least;
    double margin = Math.max(Math.max(absent * (versions >= 3 ? 1 : 2), 2 * (most - least)), 0.005);
    double bound = Math.floor((least - margin) * 100) / 100;
    if (bound > 0.1) {
      add(Severity.WARN, "Completeness " + name + " > " + Bands.down(bound, 2));
    }
  }

  private boolean categories(
      List<OfColumn> seen, OfColumn newest, String name, boolean isComplete) {
    SortedMap<String, Long> counts = new TreeMap<>();
    for (OfColumn one : seen) {
      if (one.values().isEmpty() && one.present() > 0) {
        return false;
      }
      one.values().forEach((value, n) -> counts.merge(value, n, Long::sum));
    }
    boolean isSaid = newest.kind() == Kind.WHOLE || hints.has(newest.name(), Hint.CATEGORY);
    boolean isSettled = counts.values().stream().allMatch(n -> n >= SELDOM);
    boolean isWritable =
        counts.keySet().stream().allMatch(v -> v.matches("[^\"\\\\\\p{Cntrl}]{1,60}"));
    if (!isSaid || !isSettled || !isWritable || counts.isEmpty() || counts.size() > Profiler.FEW) {
      return false;
    }
    List<String> values = new ArrayList<>();
    boolean isText = newest.kind() == Kind.TEXT;
    counts.keySet().stream()
        .sorted(isText ? Comparator.naturalOrder() : Comparator.comparing(BigDecimal::new))
        .forEach(value -> values.add(isText ? "\"" + value + "\"" : value));
    if (!isComplete) {
      values.add("NULL");
    }
    add(Severity.WARN, "ColumnValues " + name + " in [" + String.join(", ", values) + "]");
    return true;
  }

  private void distribution(List<OfColumn> seen, String name) {
    double deviation = most(seen, Numbers::deviation);
    if (!seen.stream().allMatch(one -> one.numbers().isKnown()) || deviation == 0) {
      return;
    }
    long rows = seen.stream().mapToLong(OfColumn::present).min().orElse(1);
    double noise = deviation / Math.min(60, Math.sqrt((double) Math.max(1, rows)));
    Band mean =
        Bands.around(least(seen, Numbers::mean), most(seen, Numbers::mean), versions, noise);
    add(
        Severity.WARN,
        "Mean "
            + name
            + " between "
            + Bands.down(mean.low(), 2)
            + " and "
            + Bands.up(mean.high(), 2));
    Band spread =
        Bands.around(least(seen, Numbers::deviation), deviation, versions, deviation / 12);
    String low = Bands.down(Math.max(0, spread.low()), 2);
    String high = Bands.up(spread.high(), 2);
    add(
        Severity.WARN,
        low.equals("0")
            ? "StandardDeviation " + name + " < " + high
            : "StandardDeviation " + name + " between " + low + " and " + high);
  }

  private static double least(List<OfColumn> seen, ToDoubleFunction<Numbers> number) {
    return seen.stream().mapToDouble(one -> number.applyAsDouble(one.numbers())).min().orElse(0);
  }

  private static double most(List<OfColumn> seen, ToDoubleFunction<Numbers> number) {
    return seen.stream().mapToDouble(one -> number.applyAsDouble(one.numbers())).max().orElse(0);
  }

  private void bounds(List<OfColumn> seen, OfColumn newest, String name, String where) {
    if (!seen.stream().allMatch(one -> one.numbers().isKnown())) {
      return;
    }
    double least = least(seen, Numbers::min);
    double most = most(seen, Numbers::max);
    double room = Bands.headroom(versions);
    boolean isShare = least >= 0 && most <= 1 && newest.kind() == Kind.FRACTION;
    double far = Math.max(Math.abs(least), Math.abs(most)) * room;
    boolean isPositive = least >= 0 && hints.has(newest.name(), Hint.NOT_NEGATIVE);
    String values = "ColumnValues " + name;
    add(
        Severity.QUARANTINE,
        isPositive || isShare
            ? values + " >= 0" + where
            : values + " > " + Bands.down(-far, 1) + where);
    if (most > 0) {
      String high = isShare ? "1" : Bands.up(most * room, 1);
      add(Severity.QUARANTINE, values + " <= " + high + where);
    }
  }

  private void text(List<OfColumn> seen, OfColumn newest, String name, String where) {
    String form = newest.form();
    boolean isSame = seen.stream().allMatch(one -> one.form().equals(form));
    String pattern = isSame ? Forms.pattern(form) : "";
    if (!pattern.isEmpty()) {
      add(Severity.QUARANTINE, "ColumnValues " + name + " matches \"" + pattern + "\"" + where);
      return;
    }
    String type =
        hints.has(newest.name(), Hint.WHOLE_TEXT)
            ? "Long"
            : hints.has(newest.name(), Hint.FRACTION_TEXT) ? "Double" : "";
    if (!type.isEmpty()) {
      add(Severity.QUARANTINE, "ColumnDataType " + name + " = \"" + type + "\"" + where);
      return;
    }
    double longest = most(seen, Numbers::max);
    double shortest = least(seen, Numbers::min);
    if (longest > 0 && longest <= CODE_LENGTH) {
      String high = String.format(Locale.ROOT, "%.0f", longest * (versions >= 3 ? 1.5 : 2));
      String low = shortest >= 2 ? "1" : "0";
      add(
          Severity.WARN,
          low.equals("0")
              ? "ColumnLength " + name + " <= " + high
              : "ColumnLength " + name + " between 0 and " + high);
    }
  }

  /** A day long before the others is a clock that was not set. */
  private void days(List<OfColumn> seen, String name, String where) {
    int first = seen.stream().mapToInt(OfColumn::firstYear).min().orElse(0);
    if (first > 1) {
      int room = versions >= 3 ? 1 : 2;
      add(
          Severity.QUARANTINE,
          String.format(
              Locale.ROOT, "ColumnValues %s >= \"%04d-01-01\"%s", name, first - room, where));
    }
  }
}
