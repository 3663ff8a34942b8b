package io.mlpipeline.plan;

import io.mlpipeline.model.PartitionKey;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.ReuseEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says why partitions are to be made: those with the same reason together. */
final class PartitionReason {

  private static final int NAMED = 3;

  private final Judge judge;
  private final StepPartitions parts;

  PartitionReason(Judge judge, StepPartitions parts) {
    this.judge = judge;
    this.parts = parts;
  }

  Reason of(
      @Nullable ReuseEntry entry,
      @Nullable PartitionSet set,
      SortedSet<String> asked,
      SortedSet<String> removed) {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    for (String name : asked) {
      byReason.computeIfAbsent(why(entry, set, name), w -> new ArrayList<>()).add(name);
    }
    List<String> phrases = new ArrayList<>();
    int total = parts.keys().size();
    byReason.forEach((why, names) -> phrases.add(phrase(why, names, total)));
    String made = asked.isEmpty() ? "" : count(asked.size(), total) + ": ";
    if (!removed.isEmpty()) {
      phrases.add("removes " + listed(List.copyOf(removed)) + ", for which nothing is there");
    }
    List<IngredientChange> changes =
        entry == null
            ? List.of()
            : Differences.between(entry.fingerprint(), judge.fingerprint()).changes();
    return new Reason(ReasonKind.PARTITIONS_STALE, made + String.join("; ", phrases), changes);
  }

  private String why(@Nullable ReuseEntry entry, @Nullable PartitionSet set, String name) {
    if (entry == null || set == null) {
      return "what is published is not on record by partition";
    }
    PartitionSet.Part part = set.partitions().get(name);
    if (part == null) {
      return "new";
    }
    Map<String, String> before = PartitionKey.parts(part.key());
    Map<String, String> now = PartitionKey.parts(parts.keys().getOrDefault(name, ""));
    if (!now.getOrDefault(PartitionKey.BASE, "").equals(before.get(PartitionKey.BASE))) {
      return sinceThen(entry);
    }
    SortedSet<String> changed = new TreeSet<>();
    now.forEach((port, hash) -> note(!hash.equals(before.get(port)), port, changed));
    return String.join(" and ", changed) + " changed";
  }

  private static void note(boolean holds, String port, SortedSet<String> changed) {
    if (holds) {
      changed.add(port);
    }
  }

  /**
   * What changed apart from partitions of inputs; older partitions may be made under yet others.
   */
  private String sinceThen(ReuseEntry entry) {
    Differences whole =
        Differences.between(
            PartitionJudge.without(entry.fingerprint(), this::isPartial),
            PartitionJudge.without(judge.fingerprint(), this::isPartial));
    return whole.changes().isEmpty() ? "made under earlier code, params or inputs" : whole.text();
  }

  private boolean isPartial(String port) {
    return judge.step().use(port).isPartial();
  }

  /** How many of how many. */
  static String count(int asked, int total) {
    return asked == total
        ? "all " + total + (total == 1 ? " partition" : " partitions")
        : asked + " of " + total + " partitions";
  }

  /** All of them need not be named. */
  private static String phrase(String why, List<String> names, int total) {
    return names.size() == total && total > 1 ? why : why + " (" + listed(names) + ")";
  }

  /** The first few, or the first and the last. */
  static String listed(List<String> names) {
    List<String> shown = names.stream().map(PartitionNames::shown).toList();
    return shown.size() <= NAMED
        ? String.join(", ", shown)
        : shown.get(0) + " to " + shown.get(shown.size() - 1) + ": " + shown.size();
  }
}
