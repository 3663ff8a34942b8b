package io.mlpipeline.spark.promote;

import io.mlpipeline.model.Suggestions;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.Evidence.Measured;
import io.mlpipeline.registry.Evidence.Subject;
import io.mlpipeline.spark.promote.NamedMetric.Root;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, as rules see it: names without regard to case, and only the slices that have
 * enough rows.
 */
final class Measures {

  /** Fields of a slice that are no metrics. */
  static final String NAME = "slice";

  static final String ROWS = "rows";

  /** How many slices an observation holds; the evidence holds all. */
  private static final int MOST_SLICES = 50;

  /**
   * One slice.
   *
   * @param rows how many rows it has
   */
  record Slice(String name, long rows, SortedMap<String, Double> metrics) {}

  private final boolean hasChampion;
  private final Map<Root, SortedMap<String, Double>> metrics = new LinkedHashMap<>();
  private final List<Slice> slices = new ArrayList<>();
  private final List<String> small;

  Measures(Evidence evidence) {
    hasChampion = evidence.champion() != null;
    small = evidence.smallSlices();
    put(Root.CANDIDATE, evidence.metrics(Subject.CANDIDATE, Evidence.ALL));
    put(Root.CHAMPION, evidence.metrics(Subject.CHAMPION, Evidence.ALL));
    put(Root.LATENCY, evidence.metrics(Subject.CANDIDATE, Evidence.LATENCY));
    for (String name : evidence.slices()) {
      if (!small.contains(name)) {
        SortedMap<String, Double> values = insensitive(evidence.metrics(Subject.CANDIDATE, name));
        slices.add(new Slice(name, rows(evidence, name), values));
      }
    }
  }

  private static long rows(Evidence evidence, String slice) {
    return evidence.measured().stream()
        .filter(one -> one.subject() == Subject.CANDIDATE && one.slice().equals(slice))
        .mapToLong(Measured::rows)
        .max()
        .orElse(0);
  }

  private void put(Root root, Map<String, Double> values) {
    metrics.put(root, insensitive(values));
  }

  private static SortedMap<String, Double> insensitive(Map<String, Double> values) {
    SortedMap<String, Double> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(values);
    return all;
  }

  List<Slice> slices() {
    return List.copyOf(slices);
  }

  /** The value; null for a champion where there is none. */
  @Nullable Double find(NamedMetric named) {
    return of(named.root()).get(named.metric());
  }

  private SortedMap<String, Double> of(Root root) {
    return metrics.getOrDefault(root, new TreeMap<>());
  }

  /** What a rule needs and is not there or not finite; empty if nothing. */
  List<Fault> missing(ParsedRule rule) {
    List<Fault> faults = new ArrayList<>();
    if (rule.seesSlices() && slices.isEmpty()) {
      faults.add(
          small.isEmpty()
              ? new Fault("no slice was measured", "give 'evaluate' columns to slice by")
              : new Fault(
                  "no slice has enough rows to be judged by: "
                      + String.join(", ", small)
                      + (small.size() == 1 ? " is small" : " are small"),
                  "evaluate on more rows"));
    }
    for (NamedMetric named : rule.metrics()) {
      Fault fault =
          switch (named.root()) {
            case CANDIDATE, LATENCY -> missing(named, of(named.root()));
            case CHAMPION -> missingOfChampion(named);
            case SLICES -> missingOfSlice(named);
          };
      if (fault != null) {
        faults.add(fault);
      }
    }
    return faults;
  }

  /** Without a champion its metrics are null, but a slip of the pen is told all the same. */
  private @Nullable Fault missingOfChampion(NamedMetric named) {
    return missing(named, hasChampion ? of(Root.CHAMPION) : of(Root.CANDIDATE));
  }

  private @Nullable Fault missing(NamedMetric named, SortedMap<String, Double> known) {
    Double value = known.get(named.metric());
    if (value == null) {
      return new Fault(named + " was not measured", hint(named, known.keySet()));
    }
    return Double.isFinite(value) ? null : new Fault(named + " is " + value, "a number is needed");
  }

  private @Nullable String hint(NamedMetric named, Set<String> known) {
    if (named.metric().contains("_gain") && !hasChampion) {
      return "there is no champion to gain on; write 'gain', which is asked only where there is"
          + " one";
    }
    String near = Suggestions.didYouMean(named.metric(), known);
    if (near != null) {
      return near;
    }
    String all = String.join(", ", known);
    return known.isEmpty() ? "nothing was measured of it" : "measured are " + all;
  }

  private @Nullable Fault missingOfSlice(NamedMetric named) {
    if (named.metric().equals(NAME) || named.metric().equals(ROWS)) {
      return null;
    }
    for (Slice slice : slices) {
      Double value = slice.metrics().get(named.metric());
      String what = named.metric() + " of slice " + slice.name();
      if (value == null) {
        String near = Suggestions.didYouMean(named.metric(), slice.metrics().keySet());
        String all = "measured are " + String.join(", ", slice.metrics().keySet());
        return new Fault(what + " was not measured", near == null ? all : near);
      }
      if (!Double.isFinite(value)) {
        return new Fault(what + " is " + value, "a number is needed");
      }
    }
    return null;
  }

  /**
   * The values that a rule reads, by their names in it; of slices the first {@value #MOST_SLICES}.
   */
  SortedMap<String, Double> observed(ParsedRule rule) {
    SortedMap<String, Double> observed = new TreeMap<>();
    for (NamedMetric named : rule.metrics()) {
      Double value = find(named);
      if (value != null) {
        observed.put(named.toString(), value);
      }
      if (named.root() == Root.SLICES) {
        for (Slice slice : slices.subList(0, Math.min(MOST_SLICES, slices.size()))) {
          Double of = slice.metrics().get(named.metric());
          if (of != null) {
            observed.put("slices[" + slice.name() + "]." + named.metric(), of);
          }
        }
      }
    }
    return observed;
  }
}
