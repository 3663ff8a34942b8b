package io.mlpipeline.run;

import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.plan.Need;
import io.mlpipeline.port.ReuseIndex;
import io.mlpipeline.port.TableLog;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds what versions of tables held by partition, by the content that they had: the lineage table
 * does not say under which name that was kept.
 */
public final class PartitionRecords {

  private final TableLog tables;
  private final ReuseIndex reuse;

  public PartitionRecords(TableLog tables, ReuseIndex reuse) {
    this.tables = tables;
    this.reuse = reuse;
  }

  /** All records of a content; they differ in what partitions were made under. */
  public List<PartitionSet> of(OutputVersion version) {
    return reuse.loadPartitions(version.uri()).stream()
        .filter(PartitionSet::addsUp)
        .filter(set -> set.digest().toString().equals(version.digest()))
        .toList();
  }

  /** What a table of ours held; the fullest record, as empty partitions do not show in content. */
  public Optional<PartitionSet> find(OutputVersion version) {
    return of(version).stream().max(Comparator.comparingInt(set -> set.partitions().size()));
  }

  /** What a table from elsewhere held, as its files say. */
  public Optional<PartitionSet> find(Need.Partitions wanted) {
    return TableParts.find(tables, reuse, wanted);
  }
}
