package io.mlpipeline.run;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.Staged;
import io.mlpipeline.port.TableLog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts partitions that were made beside those of the published version that stay. */
final class Replacements {

  private final TableLog tables;

  Replacements(TableLog tables) {
    this.tables = tables;
  }

  /**
   * The table with its new partitions.
   *
   * @param whole all of its files, and what it holds by partition
   * @param same staged files of partitions that came out as they are published: these stay
   */
  record Replaced(Audited whole, StagedTable same) {}

  Replaced replace(Audited made, PartitionWork work, OutputSpec output) {
    PartitionSet set = together(made, work);
    Set<String> same = unchanged(made, work);
    StagedTable staged = made.table();
    List<DataFile> files = new ArrayList<>();
    List<DataFile> superfluous = new ArrayList<>();
    for (DataFile file : staged.files()) {
      (same.contains(PartitionNames.of(file.partition())) ? superfluous : files).add(file);
    }
    OutputVersion base = work.base();
    if (base != null) {
      boolean isAlone =
          same.isEmpty() && work.kept().partitions().keySet().stream().noneMatch(work::stays);
      if (!isAlone) {
        checkColumns(made, work, output);
        files.addAll(staying(base, work, same));
      }
    }
    StagedTable whole = staged.withFiles(files);
    Audited audit = new Audited(whole, set.digest(), made.schemaDigest(), made.gate(), set);
    return new Replaced(audit, staged.withFiles(superfluous));
  }

  /** What the whole table holds; a partition without rows is on record, so that it is not due. */
  private static PartitionSet together(Audited made, PartitionWork work) {
    SortedMap<String, PartitionSet.Part> parts = new TreeMap<>();
    work.kept()
        .partitions()
        .forEach(
            (name, part) -> {
              if (work.stays(name)) {
                parts.put(name, part);
              }
            });
    work.keys()
        .forEach((name, key) -> parts.put(name, new PartitionSet.Part(content(made, name), key)));
    return new PartitionSet(parts);
  }

  private static String content(Audited made, String partition) {
    PartitionSet.Part part = made.partitions().partitions().get(partition);
    return part == null ? ContentDigest.EMPTY.toString() : part.content();
  }

  /** Partitions that were made again and hold what they held. */
  private static Set<String> unchanged(Audited made, PartitionWork work) {
    OutputVersion base = work.base();
    Set<String> same = new HashSet<>();
    if (base != null && made.schemaDigest().equals(base.schemaDigest())) {
      for (String name : work.asked()) {
        PartitionSet.Part before = work.kept().partitions().get(name);
        if (before != null && before.content().equals(content(made, name))) {
          same.add(name);
        }
      }
    }
    return same;
  }

  private static void checkColumns(Audited made, PartitionWork work, OutputSpec output) {
    OutputVersion base = Objects.requireNonNull(work.base());
    if (!made.schemaDigest().equals(base.schemaDigest())) {
      long staying = work.kept().partitions().keySet().stream().filter(work::stays).count();
      throw new EngineException(
          ErrorType.CONTRACT_BROKEN,
          "output "
              + output.name()
              + " has other columns or types than the "
              + staying
              + " partitions that were to stay: make all of them together once, with mlpipeline"
              + " run");
    }
  }

  private List<DataFile> staying(OutputVersion base, PartitionWork work, Set<String> same) {
    OutputVersion readable = Heads.readable(tables, base);
    TableLog.Snapshot snapshot =
        tables
            .find(readable.uri(), readable.version())
            .filter(found -> !found.viaSpark())
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorType.INPUT_GONE,
                        "table "
                            + base.uri()
                            + " lost version "
                            + base.version()
                            + ", whose other partitions were to stay"));
    return snapshot.files().stream()
        .filter(
            file -> {
              String name = PartitionNames.of(file.partition());
              return work.stays(name) || same.contains(name);
            })
        .toList();
  }

  /** The gate's word on the whole; what is read must be what is on record. */
  Audited checked(Audited whole, Audited read) {
    if (!read.digest().equals(whole.digest())) {
      throw new EngineException(
          ErrorType.STORAGE_CORRUPT,
          "the files of table "
              + whole.table().uri()
              + " hold "
              + read.digest()
              + ", and "
              + whole.digest()
              + " is on record for its partitions: make all of them again with --force");
    }
    return whole.with(read.gate());
  }

  /** No rows at all, with the columns of what is published. */
  Staged nothing(AttemptCall call) {
    PartitionWork work = Objects.requireNonNull(call.partitions());
    OutputVersion base = Objects.requireNonNull(work.base());
    TableLog.Snapshot snapshot = tables.find(base.uri(), base.version()).orElseThrow();
    StagedTable table =
        new StagedTable(
            base.port(),
            base.name(),
            base.uri(),
            call.attempt(),
            snapshot.schemaJson(),
            snapshot.partitionBy(),
            List.of());
    return new Staged(List.of(table), List.of(), new TreeMap<>());
  }
}
