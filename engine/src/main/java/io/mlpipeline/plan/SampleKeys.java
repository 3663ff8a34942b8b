package io.mlpipeline.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds by which columns each dataset is to be sampled, so that samples of joined tables belong
 * together: by a key that as many of them as possible have. Events with a column {@code
 * customer_id}, which is the key of customers, are sampled by it and not by their own.
 */
public final class SampleKeys {

  private SampleKeys() {}

  /**
   * What is known of a dataset.
   *
   * @param name the dataset
   * @param columns its columns; empty if nobody knows
   * @param key its own key; empty if none is declared
   * @param sampleBy what the pipeline says of it; empty if nothing
   */
  public record Known(String name, List<String> columns, List<String> key, List<String> sampleBy) {

    public Known {
      columns = List.copyOf(columns);
      key = List.copyOf(key);
      sampleBy = List.copyOf(sampleBy);
    }

    private boolean has(List<String> wanted) {
      Set<String> lower =
          columns.stream().map(c -> c.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
      return wanted.stream().allMatch(c -> lower.contains(c.toLowerCase(Locale.ROOT)));
    }
  }

  /**
   * The key by dataset; a dataset without one is to be taken whole.
   *
   * @param said the keys of what is not read here: a dataset that is made of it may have its
   *     columns, and no key of its own
   */
  public static SortedMap<String, List<String>> of(List<Known> all, List<List<String>> said) {
    Set<List<String>> candidates = new LinkedHashSet<>(said);
    for (Known one : all) {
      if (!one.key().isEmpty()) {
        candidates.add(one.key());
      }
      if (!one.sampleBy().isEmpty()) {
        candidates.add(one.sampleBy());
      }
    }
    SortedMap<String, List<String>> keys = new TreeMap<>();
    for (Known one : all) {
      if (!one.sampleBy().isEmpty()) {
        keys.put(one.name(), one.sampleBy());
        continue;
      }
      candidates.stream()
          .filter(one::has)
          .max(
              Comparator.comparingLong((List<String> key) -> shared(all, key))
                  .thenComparing(key -> key.equals(one.key()))
                  .thenComparing(key -> -key.size())
                  .thenComparing(key -> String.join(",", key), Comparator.reverseOrder()))
          .ifPresent(key -> keys.put(one.name(), key));
    }
    return keys;
  }

  private static long shared(List<Known> all, List<String> key) {
    return all.stream().filter(one -> one.has(key) || one.sampleBy().equals(key)).count();
  }

  /** What is sampled by what, in sentences. */
  public static List<String> words(List<Known> all, SortedMap<String, List<String>> keys) {
    SortedMap<String, List<String>> datasets = new TreeMap<>();
    keys.forEach(
        (dataset, key) ->
            datasets.computeIfAbsent(String.join(", ", key), k -> new ArrayList<>()).add(dataset));
    List<String> words = new ArrayList<>();
    datasets.forEach((key, names) -> words.add(String.join(", ", names) + " by " + key));
    for (Known one : all) {
      if (!keys.containsKey(one.name())) {
        words.add(
            one.name() + " is taken whole: it has no key; `sample-by: COLUMN` beside it names one");
      }
    }
    if (datasets.size() > 1) {
      words.add("rows that were chosen by different columns need not belong together");
    }
    return words;
  }
}
