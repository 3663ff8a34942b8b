package io.mlpipeline.gc;

import io.mlpipeline.port.Housekeeping.Aside;
import io.mlpipeline.port.WarehouseFiles.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds records that are named by their content and that no other record leads to any more: recipes
 * of runs, and what versions of tables hold by partition. They are put aside first. A run that had
 * found one before is on record a day later, and then it is put back.
 */
final class RecordSweep {

  private static final Pattern RECIPE = Pattern.compile("config/([^/]+)\\.json");
  private static final Pattern PARTITIONS = Pattern.compile("partitions/(.+)/([^/]+)\\.json");
  private static final Pattern ASIDE =
      Pattern.compile("gc/released/([0-9]{1,18})/((?:config|partitions)/.+)");

  private final Needs needs;
  private final Set<String> seals;
  private final Instant now;
  private final Instant limit;
  private final List<String> unused = new ArrayList<>();
  private final List<Aside> wanted = new ArrayList<>();
  private final SortedMap<String, List<Found>> expired = new TreeMap<>();

  RecordSweep(Needs needs, PastRuns past, Instant now, Instant limit) {
    this.needs = needs;
    this.seals = new HashSet<>(past.repeated());
    past.recipes()
        .forEach(
            (run, seal) -> {
              if (needs.runs().contains(run)) {
                seals.add(seal);
              }
            });
    this.now = now;
    this.limit = limit;
  }

  /** Keys of records that are to be put aside. */
  List<String> unused() {
    return unused;
  }

  /** Records that were put aside and that somebody needs. */
  List<Aside> wanted() {
    return wanted;
  }

  /** What was put aside long enough ago. */
  List<Garbage> garbage() {
    List<Garbage> garbage = new ArrayList<>();
    expired.forEach(
        (name, files) -> garbage.add(new Garbage(Garbage.Sort.RECORD, Listing.OWN + name, files)));
    return garbage;
  }

  /**
   * Looks at all of them.
   *
   * @param files objects by their keys
   */
  void look(SortedMap<String, Found> files) {
    files.forEach(
        (key, file) -> {
          Matcher aside = ASIDE.matcher(key);
          if (aside.matches()) {
            aside(key, aside, file);
          } else if (file.modified().isBefore(limit) && !isNeeded(key)) {
            unused.add(key);
          }
        });
  }

  private void aside(String place, Matcher aside, Found file) {
    String key = aside.group(2);
    if (isNeeded(key)) {
      wanted.add(new Aside(place, key));
    } else if (Collector.isOver(Instant.ofEpochMilli(Long.parseLong(aside.group(1))), now)) {
      String folder = key.substring(0, key.lastIndexOf('/'));
      expired.computeIfAbsent(folder, name -> new ArrayList<>()).add(file);
    }
  }

  /** What is neither is not known, and stays. */
  private boolean isNeeded(String key) {
    Matcher recipe = RECIPE.matcher(key);
    if (recipe.matches()) {
      return seals.contains(recipe.group(1));
    }
    Matcher partitions = PARTITIONS.matcher(key);
    return !partitions.matches() || needs.hasPartitions(partitions.group(1), partitions.group(2));
  }
}
