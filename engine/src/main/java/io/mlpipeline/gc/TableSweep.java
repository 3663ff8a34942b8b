package io.mlpipeline.gc;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.LogFiles;
import io.mlpipeline.port.LogFiles.Named;
import io.mlpipeline.port.LogFiles.Span;
import io.mlpipeline.port.WarehouseFiles.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds the files of one table after another that no needed version names. Needed are the newest
 * version, those next to it that shall stay, every one that was the newest less than the age ago,
 * and what a record needs. For one thread.
 */
final class TableSweep {

  private static final Pattern STAGED =
      Pattern.compile("(?:.*/)?[^/]*part-r[0-9]{8}-[0-9]{6}-[0-9a-f]{6}-[^/]+");

  private final LogFiles logs;
  private final Needs needs;
  private final GcOptions options;
  private final Instant limit;
  private final List<Garbage> garbage = new ArrayList<>();
  private final List<String> kept = new ArrayList<>();
  private final SortedMap<String, String> leftAlone = new TreeMap<>();
  private final Map<String, Long> heads = new HashMap<>();

  TableSweep(LogFiles logs, Needs needs, GcOptions options, Instant limit) {
    this.logs = logs;
    this.needs = needs;
    this.options = options;
    this.limit = limit;
  }

  /**
   * A table's files.
   *
   * @param data the data files by path relative to the table
   * @param commits when each version was committed, as far as its commit is there
   */
  record Files(SortedMap<String, Found> data, SortedMap<Long, Instant> commits) {}

  List<Garbage> garbage() {
    return garbage;
  }

  List<String> kept() {
    return kept;
  }

  SortedMap<String, String> leftAlone() {
    return leftAlone;
  }

  Map<String, Long> heads() {
    return heads;
  }

  /** Looks at one table. A log that cannot be read is told, and all of its files stay. */
  void look(String table, Files files) {
    SortedMap<String, Found> old = new TreeMap<>(files.data());
    old.values().removeIf(file -> !file.modified().isBefore(limit) || needs.hasFile(file.path()));
    if (old.isEmpty()) {
      return;
    }
    try {
      Named named = logs.find(table).orElse(null);
      if (named == null) {
        staged(old);
      } else {
        look(table, files, old, named);
      }
    } catch (EngineException e) {
      if (e.type() != ErrorType.STORAGE_CORRUPT) {
        throw e;
      }
      leftAlone.put(table, String.valueOf(e.getMessage()));
    }
  }

  private void look(String table, Files files, SortedMap<String, Found> old, Named named) {
    long first = firstKept(files.commits(), named);
    SortedMap<Long, SortedSet<String>> pins = new TreeMap<>(needs.versions(table)).headMap(first);
    requireFree(table, pins);
    NavigableSet<Long> needed = new TreeSet<>(pins.keySet());
    needed.add(first);
    List<Found> released = new ArrayList<>();
    NavigableSet<Long> lost = new TreeSet<>();
    SortedMap<String, Found> unnamed = new TreeMap<>();
    old.forEach(
        (path, file) -> {
          List<Span> spans = named.files().getOrDefault(path, List.of());
          if (spans.isEmpty()) {
            unnamed.put(path, file);
          } else if (spans.stream().noneMatch(span -> isNeeded(span, needed, first))) {
            released.add(file);
            spans.forEach(span -> versions(span, named.oldest(), first, lost));
          }
        });
    if (named.oldest() == 0) {
      staged(unnamed);
    } else if (unnamed.keySet().stream().anyMatch(path -> STAGED.matcher(path).matches())) {
      leftAlone.put(
          table,
          "its log starts at version " + named.oldest() + ": what older ones named is not known");
    }
    if (!released.isEmpty()) {
      garbage.add(new Garbage(Garbage.Sort.VERSION, table, lost, released));
      heads.put(table, named.head());
    }
    tellKept(table, pins);
  }

  /** All versions from here on stay. What was the newest until lately may be read by a run. */
  private long firstKept(SortedMap<Long, Instant> commits, Named named) {
    long first = Math.max(named.oldest(), named.head() - options.keepVersions() + 1);
    while (first > named.oldest() && !isLong(commits.get(first))) {
      first--;
    }
    return first;
  }

  /** Whether a version that ended the one before it did so long ago. */
  private boolean isLong(@org.jspecify.annotations.Nullable Instant committed) {
    return committed != null && committed.isBefore(limit);
  }

  private static boolean isNeeded(Span span, NavigableSet<Long> needed, long first) {
    Long next = needed.ceiling(span.from());
    return span.until() > first || (next != null && next < span.until());
  }

  private static void versions(Span span, long oldest, long first, NavigableSet<Long> into) {
    for (long v = Math.max(oldest, span.from()); v < Math.min(span.until(), first); v++) {
      into.add(v);
    }
  }

  private void staged(SortedMap<String, Found> unnamed) {
    unnamed.forEach(
        (path, file) -> {
          if (STAGED.matcher(path).matches()) {
            garbage.add(new Garbage(Garbage.Sort.STAGED, file.path(), List.of(file)));
          }
        });
  }

  /** Who names a table wants exactly that; what stands against it is said and not passed over. */
  private void requireFree(String table, SortedMap<Long, SortedSet<String>> pins) {
    if (options.table() == null || pins.isEmpty()) {
      return;
    }
    List<String> needed = new ArrayList<>();
    pins.forEach((version, who) -> needed.add("v" + version + " for " + String.join(", ", who)));
    throw EngineException.misused(
        "nothing was removed: of " + table + " are needed " + String.join("; ", needed),
        "gc without --table keeps these and removes the rest; --keep-models lets old models go");
  }

  private void tellKept(String table, SortedMap<Long, SortedSet<String>> pins) {
    SortedMap<String, Integer> counts = new TreeMap<>();
    pins.values().forEach(who -> who.forEach(one -> counts.merge(one, 1, Integer::sum)));
    counts.forEach(
        (who, count) ->
            kept.add(
                "kept "
                    + count
                    + (count == 1 ? " version of " : " versions of ")
                    + table
                    + " for "
                    + who));
  }
}
