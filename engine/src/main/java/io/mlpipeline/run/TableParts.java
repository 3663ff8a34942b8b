package io.mlpipeline.run;

import io.mlpipeline.model.Canonical;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.plan.Need;
import io.mlpipeline.port.ReuseIndex;
import io.mlpipeline.port.TableLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a table holds by partition: as it is on record, or else as its files say. */
final class TableParts {

  private TableParts() {}

  /** Empty if the table has no partitions, or its log does not show its files. */
  static Optional<PartitionSet> find(TableLog tables, ReuseIndex reuse, Need.Partitions wanted) {
    String name = wanted.set();
    Optional<PartitionSet> recorded =
        name == null ? Optional.empty() : reuse.findPartitions(wanted.uri(), name);
    return recorded.or(
        () ->
            tables
                .find(wanted.uri(), wanted.version())
                .filter(table -> !table.viaSpark() && !table.partitionBy().isEmpty())
                .map(TableParts::byFiles));
  }

  /**
   * A version that rows joined, with what it holds by partition on record: each partition counts as
   * made under what it was made under before.
   */
  static OutputVersion joined(
      ReuseIndex reuse, ReuseEntry entry, OutputVersion output, PartitionSet now) {
    PartitionSet before = recorded(reuse, entry, output.name());
    if (now.partitions().isEmpty()) {
      return output;
    }
    SortedMap<String, PartitionSet.Part> parts = new TreeMap<>(before.partitions());
    now.partitions()
        .forEach(
            (partition, part) -> {
              PartitionSet.Part old = before.partitions().get(partition);
              parts.put(
                  partition, new PartitionSet.Part(part.content(), old == null ? "" : old.key()));
            });
    return output.withPartitions(reuse.keep(output.uri(), new PartitionSet(parts)));
  }

  /** What an attempt published by partition; empty if it is not on record. */
  static PartitionSet recorded(ReuseIndex reuse, ReuseEntry entry, String dataset) {
    return entry.outputs().stream()
        .filter(output -> output.name().equals(dataset))
        .findFirst()
        .flatMap(
            output ->
                Optional.ofNullable(output.partitions())
                    .flatMap(name -> reuse.findPartitions(output.uri(), name)))
        .orElse(PartitionSet.EMPTY);
  }

  /** Of a table that others write: the same files are the same content. */
  private static PartitionSet byFiles(TableLog.Snapshot table) {
    SortedMap<String, List<String>> files = new TreeMap<>();
    for (DataFile file : table.files()) {
      files
          .computeIfAbsent(PartitionNames.of(file.partition()), n -> new ArrayList<>())
          .add(file.path() + " " + file.size());
    }
    SortedMap<String, PartitionSet.Part> parts = new TreeMap<>();
    files.forEach(
        (partition, paths) -> {
          paths.sort(null);
          String content = "files:" + new Canonical().texts(paths).shortHex();
          parts.put(partition, new PartitionSet.Part(content, ""));
        });
    return new PartitionSet(parts);
  }
}
