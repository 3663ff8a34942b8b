package io.mlpipeline.gc;

import io.mlpipeline.model.TableRemoval;
import io.mlpipeline.port.WarehouseFiles.Found;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Files that nobody needs and that go together.
 *
 * @param sort what sort of thing
 * @param name what it is, by its place in the warehouse
 * @param versions of a table, those that cannot be read without these files; else empty
 * @param files all of them; at least one
 */
public record Garbage(Sort sort, String name, SortedSet<Long> versions, List<Found> files) {

  public Garbage {
    versions = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(versions));
    files = List.copyOf(files);
  }

  Garbage(Sort sort, String name, List<Found> files) {
    this(sort, name, new TreeSet<>(), files);
  }

  /** The sorts of things that are removed. */
  public enum Sort {
    /**
     * A data file that no version of its table names: staged by an attempt that died or was
     * rejected.
     */
    STAGED,
    /** Data files that only old versions of a table name. */
    VERSION,
    /** A model's directory without a manifest. */
    MODEL,
    /** The files of a model that no record needs. */
    UNUSED,
    /** Records that nothing leads to, put aside long enough ago. */
    RECORD,
    /** Rows that a run kept aside. */
    ASIDE,
    /** What a reproduction made. */
    SCRATCH,
    /** What saves work and can be made again. */
    CACHE,
    /** A log of the driver that is not written to any more. */
    LOG,
    /** A warehouse that a run on a sample made for itself. */
    SAMPLE
  }

  public long bytes() {
    return files.stream().mapToLong(Found::bytes).sum();
  }

  /** When the youngest of its files was written. */
  public Instant modified() {
    return files.stream().map(Found::modified).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
  }

  TableRemoval removal(String by, Instant at) {
    return new TableRemoval(name, versions, by, at, files.size(), bytes());
  }
}
