package io.mlpipeline.gc;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.port.WarehouseFiles.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files of a warehouse, by what they belong to. What belongs to nothing known is left out. */
final class Listing {

  /** The engine's own part of a warehouse. */
  static final String OWN = "_ml/";

  private static final String RUN = "r[0-9]{8}-[0-9]{6}-[0-9a-f]{6}";
  private static final Pattern TABLE =
      Pattern.compile("([^/_][^/]*/[^/]+|_ml/lineage|_ml/registry_events)/(.+)");
  private static final Pattern COMMIT = Pattern.compile("_delta_log/([0-9]{20})\\.json");
  private static final Pattern MODEL =
      Pattern.compile("(_ml/models/[^/]+/[^/]+/" + RUN + "-[^/]+)/.+");
  private static final Pattern ASIDE = Pattern.compile("(_ml/runs/" + RUN + ")/.+");
  private static final Pattern SCRATCH = Pattern.compile("(_ml/reproduce/" + RUN + ")/.+");
  private static final Pattern CACHE = Pattern.compile("(_ml/cache/stat/[^/]+)");
  private static final Pattern LOG = Pattern.compile("(_ml/logs/.+)");

  private static final Pattern RECORD =
      Pattern.compile("_ml/((?:gc/released/[0-9]+/)?(?:config|partitions)/.+\\.json)");

  private final SortedMap<String, Found> records = new TreeMap<>();
  private final SortedMap<String, TableSweep.Files> tables = new TreeMap<>();
  private final SortedMap<String, List<Found>> models = new TreeMap<>();
  private final SortedMap<Garbage.Sort, SortedMap<String, List<Found>>> others = new TreeMap<>();

  private Listing() {}

  static Listing of(List<Found> files) {
    Listing listing = new Listing();
    files.forEach(listing::add);
    return listing;
  }

  private void add(Found file) {
    boolean isOther =
        isOf(Garbage.Sort.ASIDE, ASIDE, file)
            || isOf(Garbage.Sort.SCRATCH, SCRATCH, file)
            || isOf(Garbage.Sort.CACHE, CACHE, file)
            || isOf(Garbage.Sort.LOG, LOG, file);
    Matcher record = RECORD.matcher(file.path());
    Matcher model = MODEL.matcher(file.path());
    Matcher table = TABLE.matcher(file.path());
    if (isOther) {
      return;
    }
    if (record.matches()) {
      records.put(record.group(1), file);
    } else if (model.matches()) {
      models.computeIfAbsent(model.group(1), key -> new ArrayList<>()).add(file);
    } else if (table.matches()) {
      table(table.group(1), table.group(2), file);
    }
  }

  private boolean isOf(Garbage.Sort sort, Pattern pattern, Found file) {
    Matcher matcher = pattern.matcher(file.path());
    if (matcher.matches()) {
      others
          .computeIfAbsent(sort, key -> new TreeMap<>())
          .computeIfAbsent(matcher.group(1), key -> new ArrayList<>())
          .add(file);
      return true;
    }
    return false;
  }

  /** Checksums that Hadoop puts beside a file go with it. */
  private void table(String table, String path, Found file) {
    TableSweep.Files its =
        tables.computeIfAbsent(
            table, key -> new TableSweep.Files(new TreeMap<>(), new TreeMap<>()));
    Matcher commit = COMMIT.matcher(path);
    if (commit.matches()) {
      its.commits().put(Long.parseLong(commit.group(1)), file.modified());
    } else if (!path.startsWith("_delta_log/") && !path.endsWith(".crc")) {
      its.data().put(path, file);
    }
  }

  /**
   * The tables, or the one that is asked for.
   *
   * @throws EngineException {@code CONFIG_INVALID} if it is not there
   */
  SortedMap<String, TableSweep.Files> tables(@Nullable String only) {
    if (only == null) {
      return tables;
    }
    TableSweep.Files its = tables.get(only);
    if (its == null) {
      throw EngineException.misused("there is no table " + only, "mlpipeline data list names them");
    }
    return new TreeMap<>(java.util.Map.of(only, its));
  }

  /** Records that are named by their content, by their keys; those that were put aside too. */
  SortedMap<String, Found> records() {
    return records;
  }

  /** Files by directory of a model. */
  SortedMap<String, List<Found>> models() {
    return models;
  }

  /** What nothing but its age decides on; a directory with one young file stays whole. */
  List<Garbage> others(Instant limit) {
    List<Garbage> garbage = new ArrayList<>();
    others.forEach(
        (sort, found) ->
            found.forEach(
                (name, files) -> {
                  if (files.stream().allMatch(file -> file.modified().isBefore(limit))) {
                    garbage.add(new Garbage(sort, name, files));
                  }
                }));
    return garbage;
  }
}
