package io.mlpipeline.delta;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.mlpipeline.delta.CommitReader.Commit;
import io.mlpipeline.delta.CommitReader.RawMetadata;
import io.mlpipeline.delta.KernelTable.LiveFile;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.TableLog.Snapshot;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** Reads tables through Kernel: snapshots, single commits, and what is wrong with a log. */
final class KernelReads {

  /** So far back a commit that changed rows is looked for. */
  private static final int WALK = 1000;

  private final Configuration conf;
  private final Engine engine;
  private final CommitReader commits;

  KernelReads(Configuration conf, Engine engine) {
    this.conf = conf;
    this.engine = engine;
    this.commits = new CommitReader(engine);
  }

  /** What the names in a log say; empty if there is no log. */
  LogListing list(String root) {
    try {
      return Locations.isLocal(root)
          ? LogListing.ofLocal(Locations.localPath(root).resolve("_delta_log"))
          : listRemote(new Path(root, "_delta_log"));
    } catch (IOException e) {
      throw StorageFailures.of("cannot list the log of " + root, e);
    }
  }

  private LogListing listRemote(Path directory) throws IOException {
    LogListing listing = new LogListing();
    try {
      for (FileStatus file : directory.getFileSystem(conf).listStatus(directory)) {
        listing.add(file.getPath().getName());
      }
    } catch (FileNotFoundException e) {
      return listing;
    }
    return listing;
  }

  /** The size of a file; empty if it is not there. */
  OptionalLong size(String location) {
    Path path = new Path(location);
    try {
      FileStatus status = path.getFileSystem(conf).getFileStatus(path);
      return status.isFile() ? OptionalLong.of(status.getLen()) : OptionalLong.empty();
    } catch (FileNotFoundException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw StorageFailures.of("cannot look at " + location, e);
    }
  }

  /** A version, or the newest one; empty if it is not there. */
  Optional<Snapshot> find(String root, OptionalLong wanted) {
    LogListing listing = list(root);
    OptionalLong head = listing.head();
    if (head.isEmpty()) {
      return Optional.empty();
    }
    long version = wanted.orElse(head.getAsLong());
    if (!listing.isReadable(version)) {
      requireUnbroken(root, version, listing, wanted.isEmpty());
      return Optional.empty();
    }
    long changed = lastDataChange(root, version, listing);
    try {
      return Optional.of(snapshot(root, KernelTable.at(engine, root, version), changed));
    } catch (RuntimeException e) {
      requireReadable(root, version, listing, e);
      return Optional.of(viaSpark(root, version, listing, changed, e));
    }
  }

  private static Snapshot snapshot(String root, KernelTable table, long changed) {
    List<LiveFile> live = table.liveFiles();
    boolean viaSpark = table.mapsColumns() || live.stream().anyMatch(LiveFile::hasDeletionVector);
    List<DataFile> files = viaSpark ? List.of() : live.stream().map(LiveFile::file).toList();
    KernelTable.Shape shape = table.shape();
    return new Snapshot(
        root,
        table.version(),
        table.id(),
        shape.schemaJson(),
        shape.partitionBy(),
        files,
        viaSpark,
        changed);
  }

  /** Kernel does not know what the table asks for; its commits can be read all the same. */
  private Snapshot viaSpark(
      String root, long version, LogListing listing, long changed, RuntimeException cause) {
    for (long v = version; v >= 0 && listing.hasCommit(v); v--) {
      Optional<RawMetadata> found = commits.read(root, v).metadata();
      if (found.isPresent()) {
        RawMetadata raw = found.get();
        return new Snapshot(
            root, version, raw.id(), raw.schemaJson(), raw.partitionBy(), List.of(), true, changed);
      }
    }
    throw new EngineException(
        ErrorType.ENVIRONMENT_INVALID,
        "table "
            + root
            + " at version "
            + version
            + " asks for what this engine does not know: "
            + StorageFailures.reason(cause)
            + "; rewrite the table's metadata with the engine that made it",
        cause);
  }

  /**
   * A version to commit on top of, or to take files from.
   *
   * @param table the version
   * @param files its live files
   * @param hasTransaction whether the asked-for transaction is part of its history
   */
  record Loaded(KernelTable table, List<LiveFile> files, boolean hasTransaction) {}

  /** Loads a version that must be there. */
  Loaded load(String root, long version, LogListing listing, String transaction) {
    requireUnbroken(root, version, listing, true);
    try {
      KernelTable table = KernelTable.at(engine, root, version);
      return new Loaded(table, table.liveFiles(), table.hasTransaction(transaction));
    } catch (RuntimeException e) {
      requireReadable(root, version, listing, e);
      throw new EngineException(
          ErrorType.ENVIRONMENT_INVALID,
          "table "
              + root
              + " asks for what this engine cannot write: "
              + StorageFailures.reason(e)
              + "; drop that feature from the table, or let the output have another name",
          e);
    }
  }

  /** Throws if the log is damaged below a version, or, if it must be there, cut off above it. */
  private static void requireUnbroken(
      String root, long version, LogListing listing, boolean mustBeThere) {
    OptionalLong missing = listing.missingBelow(version);
    if (missing.isPresent()) {
      throw corrupt(
          root, version, LogPaths.commit(missing.getAsLong()) + " is missing from its log", null);
    }
    if (mustBeThere && !listing.isReadable(version)) {
      throw corrupt(root, version, "its log neither starts at 0 nor at a checkpoint", null);
    }
  }

  /** Throws if an error while a version was read means that the store or a file is at fault. */
  private void requireReadable(
      String root, long version, LogListing listing, RuntimeException error) {
    if (hasCause(error, IOException.class)) {
      ErrorType type = StorageFailures.typeOf(error);
      if (type != ErrorType.STORAGE_UNAVAILABLE) {
        throw StorageFailures.of("cannot read the log of " + root, error);
      }
    }
    for (long v = version; v >= 0 && listing.hasCommit(v); v--) {
      readOrReport(root, v);
    }
    if (!isRefusal(error)) {
      throw isReadableNow(root, version)
          ? StorageFailures.of("cannot read the log of " + root, error)
          : corrupt(root, version, listing.checkpointAtOrBelow(version), error);
    }
  }

  /** Damage stays; what a second look does not find was the store's. */
  private boolean isReadableNow(String root, long version) {
    try {
      KernelTable.at(engine, root, version).liveFiles();
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Kernel's own verdict on what a table asks for, not a failure to read it. */
  private static boolean isRefusal(Throwable error) {
    if (hasCause(error, IOException.class)) {
      return false;
    }
    return error instanceof KernelException || error instanceof IllegalArgumentException;
  }

  private static boolean hasCause(Throwable error, Class<? extends Throwable> type) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (type.isInstance(e) && !e.getClass().getName().contains("jackson")) {
        return true;
      }
    }
    return false;
  }

  private Commit readOrReport(String root, long version) {
    try {
      return commits.read(root, version);
    } catch (RuntimeException e) {
      if (hasCause(e, IOException.class)) {
        throw StorageFailures.of("cannot read the log of " + root, e);
      }
      throw corrupt(root, version, LogPaths.commit(version) + " is damaged", e);
    }
  }

  private static EngineException corrupt(
      String root, long version, String what, @Nullable Throwable cause) {
    return new EngineException(
        ErrorType.STORAGE_CORRUPT,
        "table " + root + " cannot be read at version " + version + ": " + what,
        cause);
  }

  /** The newest version up to this one that changed rows or schema. */
  private long lastDataChange(String root, long version, LogListing listing) {
    long v = version;
    while (v >= 0 && version - v < WALK && listing.hasCommit(v)) {
      Commit commit = readOrReport(root, v);
      if (commit.changesRows() || changesShape(root, v, commit, listing)) {
        return v;
      }
      v--;
    }
    return Math.min(v + 1, version);
  }

  private boolean changesShape(String root, long version, Commit commit, LogListing listing) {
    if (commit.metadata().isEmpty()) {
      return false;
    }
    if (version == 0 || !listing.isReadable(version - 1)) {
      return true;
    }
    RawMetadata now = commit.metadata().get();
    try {
      KernelTable.Shape before = KernelTable.at(engine, root, version - 1).shape();
      return !before.schemaJson().equals(now.schemaJson())
          || !before.partitionBy().equals(now.partitionBy());
    } catch (RuntimeException e) {
      return true; // Kernel cannot tell, so it counts as a change
    }
  }

  /** Who wrote a version; empty if the version is not there or does not say. */
  Optional<String> engineInfo(String root, long version) {
    return list(root).hasCommit(version)
        ? Optional.of(readOrReport(root, version).engineInfo()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  /** The newest version from {@code from} to {@code to} that was committed under a transaction. */
  OptionalLong findTransaction(String root, String transaction, long from, long to) {
    LogListing listing = list(root);
    for (long v = to; v >= from && listing.hasCommit(v); v--) {
      if (readOrReport(root, v).transactions().contains(transaction)) {
        return OptionalLong.of(v);
      }
    }
    return OptionalLong.empty();
  }
}
