package io.mlpipeline.spark.drift;

import io.mlpipeline.model.Canonical;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often each value of a column occurs. Exact for up to {@value #MOST} values; of more, those
 * that occur most often are kept and the rest is one number. Filled by one thread, then only read.
 */
final class CategoryProfile {

  /** How many values are kept. */
  static final int MOST = 1000;

  /** How many are held while counting, so that the frequent ones are found in time. */
  private static final int HELD = 16 * MOST;

  /** Texts are kept up to here; longer ones are told apart by a hash. */
  private static final int LONGEST = 120;

  private final Map<String, Long> counts = new HashMap<>();
  private long nulls;
  private long rest;

  void addNulls(long more) {
    nulls += more;
  }

  void add(String value, long times) {
    counts.merge(brief(value), times, Long::sum);
    if (counts.size() > HELD) {
      keep(HELD / 2);
    }
  }

  private static String brief(String value) {
    return value.length() <= LONGEST
        ? value
        : value.substring(0, LONGEST) + "…" + new Canonical().text(value).shortHex();
  }

  void merge(CategoryProfile other) {
    nulls += other.nulls;
    rest += other.rest;
    other.counts.forEach(this::add);
  }

  /** Leaves the values that occur most often; to be called once all are counted. */
  CategoryProfile trimmed() {
    keep(MOST);
    return this;
  }

  private void keep(int most) {
    if (counts.size() <= most) {
      return;
    }
    List<String> byCount =
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey)
            .toList();
    Iterator<String> dropped = byCount.listIterator(most);
    while (dropped.hasNext()) {
      Long count = counts.remove(dropped.next());
      rest += count == null ? 0 : count;
    }
  }

  /** All rows, nulls included. */
  long rows() {
    return nulls + rest + counts.values().stream().mapToLong(Long::longValue).sum();
  }

  long nulls() {
    return nulls;
  }

  /** Rows of values that are not listed. */
  long rest() {
    return rest;
  }

  /** Whether every value is listed. */
  boolean isWhole() {
    return rest == 0;
  }

  /** The rows of each listed value. */
  SortedMap<String, Long> counts() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(nulls);
    out.writeLong(rest);
    out.writeInt(counts.size());
    for (Map.Entry<String, Long> one : new TreeMap<>(counts).entrySet()) {
      out.writeUTF(one.getKey());
      out.writeLong(one.getValue());
    }
  }

  static CategoryProfile read(DataInput in) throws IOException {
    CategoryProfile profile = new CategoryProfile();
    profile.nulls = in.readLong();
    profile.rest = in.readLong();
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      profile.counts.put(in.readUTF(), in.readLong());
    }
    return profile;
  }
}
