package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.RecordedFiles;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.port.WarehouseFiles;
import io.mlpipeline.port.WarehouseFiles.Found;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what attempts left behind and no record names: staged files that were never published,
 * directories of models without a manifest, rows that runs kept aside. What any version of a table
 * names is never left over, nor what a gate rejected and somebody may publish yet.
 *
 * <p>Safe beside runs that go on: what is younger than the limit is not looked at, and no attempt
 * takes as long.
 */
public final class Leftovers {

  /** The shortest limit: an attempt that takes longer would lose what it has staged. */
  public static final Duration SHORTEST = Duration.ofDays(1);

  private static final String RUN = "r[0-9]{8}-[0-9]{6}-[0-9a-f]{6}";
  private static final Pattern STAGED =
      Pattern.compile("([^/_][^/]*/[^/]+)/((?:[^/]+/)*[^/]*part-" + RUN + "-[^/]+)");
  private static final Pattern MODEL =
      Pattern.compile("(_ml/models/[^/]+/[^/]+/" + RUN + "-[^/]+)/.+");
  private static final Pattern ASIDE = Pattern.compile("_ml/runs/" + RUN + "/.+");

  private final WarehouseFiles files;
  private final TableLog tables;
  private final RecordedFiles records;
  private final InstantSource clock;

  public Leftovers(
      WarehouseFiles files, TableLog tables, RecordedFiles records, InstantSource clock) {
    this.files = files;
    this.tables = tables;
    this.records = records;
    this.clock = clock;
  }

  /** What sort of thing is left over. */
  public enum Sort {
    /** A data file that no version of its table names. */
    STAGED,
    /** A file of a model that has no manifest. */
    MODEL,
    /** Rows that a run kept aside. */
    ASIDE
  }

  /** A file that nobody needs. */
  public record Leftover(Sort sort, Found file) {}

  /**
   * What was found.
   *
   * @param leftovers what can go, in order of path
   * @param leftAlone why tables were left alone that may hold more, by table
   */
  public record Result(List<Leftover> leftovers, SortedMap<String, String> leftAlone) {

    public Result {
      leftovers = List.copyOf(leftovers);
      leftAlone = Collections.unmodifiableSortedMap(new TreeMap<>(leftAlone));
    }
  }

  /** Looks for what is older than the age; removes nothing. */
  public Result find(Duration age) {
    if (age.compareTo(SHORTEST) < 0) {
      throw EngineException.misused(
          "what is younger than a day may belong to a run that goes on", "--older-than 1d or more");
    }
    Instant limit = clock.instant().minus(age);
    List<Found> all = files.list();
    RecordedFiles.Names names = records.load();
    List<Leftover> found = new ArrayList<>();
    Map<String, List<Found>> staged = new LinkedHashMap<>();
    Set<String> young = new HashSet<>(names.directories());
    all.stream().filter(f -> !f.modified().isBefore(limit)).forEach(f -> model(f, young));
    for (Found file : all) {
      if (file.modified().isBefore(limit) && !names.files().contains(file.path())) {
        sortOut(file, young, staged, found);
      }
    }
    SortedMap<String, String> leftAlone = new TreeMap<>();
    staged.forEach(
        (table, its) -> {
          try {
            unnamed(table, its, found, leftAlone);
          } catch (EngineException e) {
            if (e.type() != ErrorType.STORAGE_CORRUPT) {
              throw e;
            }
            leftAlone.put(table, String.valueOf(e.getMessage()));
          }
        });
    found.sort(Comparator.comparing(leftover -> leftover.file().path()));
    return new Result(found, leftAlone);
  }

  /** A directory with one young file is still being written. */
  private static void model(Found file, Set<String> directories) {
    Matcher matcher = MODEL.matcher(file.path());
    if (matcher.matches()) {
      directories.add(matcher.group(1));
    }
  }

  private static void sortOut(
      Found file, Set<String> neededModels, Map<String, List<Found>> staged, List<Leftover> found) {
    Matcher model = MODEL.matcher(file.path());
    Matcher table = STAGED.matcher(file.path());
    if (model.matches()) {
      if (!neededModels.contains(model.group(1))) {
        found.add(new Leftover(Sort.MODEL, file));
      }
    } else if (ASIDE.matcher(file.path()).matches()) {
      found.add(new Leftover(Sort.ASIDE, file));
    } else if (table.matches() && !file.path().contains("/_delta_log/")) {
      staged.computeIfAbsent(table.group(1), uri -> new ArrayList<>()).add(file);
    }
  }

  /** Of a table's files those that none of its versions names; the head first, as it names most. */
  private void unnamed(
      String table, List<Found> its, List<Leftover> found, Map<String, String> leftAlone) {
    List<Found> rest = new ArrayList<>(its);
    OptionalLong head = tables.findHead(table);
    for (long version = head.orElse(-1); version >= 0 && !rest.isEmpty(); version--) {
      TableLog.Snapshot snapshot = tables.find(table, version).orElse(null);
      if (snapshot == null || snapshot.viaSpark()) {
        leftAlone.put(
            table,
            snapshot == null
                ? "its log does not hold version " + version + ", or not any more"
                : "version " + version + " can be read by delta-spark only");
        return;
      }
      Set<String> named = new HashSet<>();
      snapshot.files().forEach(file -> named.add(name(file.path())));
      rest.removeIf(file -> named.contains(name(file.path())));
    }
    rest.forEach(file -> found.add(new Leftover(Sort.STAGED, file)));
  }

  /** Attempts give every file a name of its own, so that directories need not be compared. */
  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Removes one; gone already is fine. */
  public void remove(Leftover leftover) {
    files.delete(leftover.file().path());
  }
}
