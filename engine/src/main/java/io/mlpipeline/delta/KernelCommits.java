package io.mlpipeline.delta;

import io.delta.kernel.Operation;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.hook.PostCommitHook.PostCommitHookType;
import io.mlpipeline.delta.KernelReads.Loaded;
import io.mlpipeline.delta.KernelTable.Author;
import io.mlpipeline.delta.KernelTable.LiveFile;
import io.mlpipeline.delta.KernelTable.Shape;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.TableLog.CommitInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits through Kernel: once, with no retries, and with one of three outcomes. */
final class KernelCommits {

  private static final Logger LOG = LoggerFactory.getLogger(KernelCommits.class);

  /** Only our own gc removes what is left over; time travel is not cut off behind our back. */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "delta.logRetentionDuration", "interval 3650 days",
          "delta.deletedFileRetentionDuration", "interval 3650 days",
          "delta.enableInCommitTimestamps", "true");

  private final Engine engine;
  private final KernelReads reads;
  private final FilePresence presence;

  KernelCommits(Engine engine, KernelReads reads) {
    this.engine = engine;
    this.reads = reads;
    this.presence = new FilePresence(reads::size);
  }

  long replace(String root, StagedTable staged, long base, CommitInfo info) {
    Author author = author(info);
    LogListing listing = reads.list(root);
    long head = listing.head().orElse(-1);
    if (head != base) {
      return earlierVersion(root, author, base, head, listing);
    }
    SchemaTypes.requireSupported(root, staged.schemaJson());
    return base < 0
        ? create(root, staged, author)
        : replace(root, staged, author, reads.load(root, base, listing, author.transaction()));
  }

  /** The head moved: by this attempt itself, or by somebody else. */
  private long earlierVersion(
      String root, Author author, long base, long head, LogListing listing) {
    OptionalLong since = reads.findTransaction(root, author.transaction(), base + 1, head);
    if (since.isPresent()) {
      return since.getAsLong();
    }
    if (head >= 0 && reads.load(root, head, listing, author.transaction()).hasTransaction()) {
      return ownVersion(root, author, head);
    }
    throw moved(root, base, head);
  }

  private long create(String root, StagedTable staged, Author author) {
    presence.require(root, staged.files());
    return settle(
        root,
        0,
        author,
        () -> KernelTable.create(engine, root, shape(staged), PROPERTIES, author, staged.files()));
  }

  private long replace(String root, StagedTable staged, Author author, Loaded base) {
    KernelTable table = base.table();
    if (base.hasTransaction()) {
      return ownVersion(root, author, table.version());
    }
    if (table.mapsColumns()) {
      throw new EngineException(
          ErrorType.ENVIRONMENT_INVALID,
          "table "
              + root
              + " maps column names (delta.columnMapping.mode), which this engine"
              + " cannot write; let the output have another name");
    }
    Set<String> live = base.files().stream().map(LiveFile::key).collect(Collectors.toSet());
    List<DataFile> fresh =
        staged.files().stream().filter(file -> !live.contains(file.path())).toList();
    List<Row> actions = difference(base.files(), staged.files(), fresh);
    presence.require(root, fresh); // what is live was read by the audit, and no VACUUM takes it
    return settle(
        root,
        table.version() + 1,
        author,
        () -> table.commit(shape(staged), author, actions, Operation.WRITE));
  }

  /** A file that is live and staged stays as it is: one commit must not remove and add it. */
  private static List<Row> difference(
      List<LiveFile> live, List<DataFile> staged, List<DataFile> fresh) {
    Set<String> keep = new HashSet<>();
    staged.forEach(file -> keep.add(file.path()));
    List<Row> actions = new ArrayList<>();
    for (LiveFile file : live) {
      if (!keep.contains(file.key())) {
        actions.add(KernelTable.remove(file));
      }
    }
    actions.addAll(KernelTable.adds(fresh));
    return actions;
  }

  private static Shape shape(StagedTable staged) {
    return new Shape(staged.schemaJson(), staged.partitionBy());
  }

  long restore(String root, long version, CommitInfo info) {
    Author author = author(info);
    LogListing listing = reads.list(root);
    long head = listing.head().orElse(-1);
    if (head < 0 || !listing.isReadable(version)) {
      throw new EngineException(
          ErrorType.INPUT_GONE,
          "version "
              + version
              + " of table "
              + root
              + " cannot be restored: its log does not"
              + " hold that version, or not any more");
    }
    Loaded now = reads.load(root, head, listing, author.transaction());
    return now.hasTransaction()
        ? ownVersion(root, author, head)
        : restore(root, now, reads.load(root, version, listing, author.transaction()), author);
  }

  private long restore(String root, Loaded now, Loaded old, Author author) {
    if (now.table().mapsColumns() != old.table().mapsColumns()) {
      throw new EngineException(
          ErrorType.ENVIRONMENT_INVALID,
          "version "
              + old.table().version()
              + " of table "
              + root
              + " names its columns in"
              + " another way than the newest one (delta.columnMapping.mode); restore it with"
              + " delta-spark");
    }
    presence.require(root, old.files().stream().map(LiveFile::file).toList());
    List<Row> actions = backTo(old.files(), now.files());
    Shape shape = old.table().shape();
    if (actions.isEmpty() && shape.equals(now.table().shape())) {
      return now.table().version();
    }
    return settle(
        root,
        now.table().version() + 1,
        author,
        () -> now.table().commit(shape, author, actions, Operation.MANUAL_UPDATE));
  }

  /** Removes what only the head shows, and adds what only the older version shows. */
  private static List<Row> backTo(List<LiveFile> old, List<LiveFile> now) {
    Set<String> nowKeys = now.stream().map(LiveFile::key).collect(Collectors.toSet());
    Set<String> oldKeys = old.stream().map(LiveFile::key).collect(Collectors.toSet());
    List<Row> actions = new ArrayList<>();
    now.stream()
        .filter(file -> !oldKeys.contains(file.key()))
        .forEach(file -> actions.add(KernelTable.remove(file)));
    old.stream()
        .filter(file -> !nowKeys.contains(file.key()))
        .forEach(file -> actions.add(KernelTable.addAgain(file)));
    return actions;
  }

  /** Commits, and finds out what came of it if that is not plain. */
  private long settle(
      String root, long next, Author author, Supplier<TransactionCommitResult> commit) {
    TransactionCommitResult result;
    try {
      result = commit.get();
    } catch (ConcurrentWriteException | TableAlreadyExistsException e) {
      return isOwn(root, next, author) ? next : fail(conflict(root, next, e));
    } catch (RuntimeException e) {
      return afterError(root, next, author, e);
    }
    runHooks(root, result);
    return result.getVersion();
  }

  private long afterError(String root, long next, Author author, RuntimeException error) {
    boolean taken;
    try {
      taken = reads.list(root).hasCommit(next);
      if (taken && isOwn(root, next, author)) {
        return next;
      }
    } catch (RuntimeException e) {
      error.addSuppressed(e);
      throw unknown(root, next, author, error);
    }
    if (taken) {
      throw conflict(root, next, error);
    }
    if (!surelyNotCommitted(root, error)) {
      throw unknown(root, next, author, error);
    }
    throw refused(root, error);
  }

  /** Where a request can still be on its way after its error, an absent commit proves nothing. */
  private static boolean surelyNotCommitted(String root, RuntimeException error) {
    boolean sent = !(error instanceof KernelException || error instanceof EngineException);
    return !sent
        || Locations.isLocal(root)
        || Locations.scheme(root).equals("hdfs")
        || StorageFailures.typeOf(error) != ErrorType.STORAGE_UNAVAILABLE;
  }

  private static EngineException refused(String root, RuntimeException error) {
    if (error instanceof KernelException || error instanceof UnsupportedOperationException) {
      return new EngineException(
          ErrorType.ENVIRONMENT_INVALID,
          "table " + root + " does not take the commit: " + StorageFailures.reason(error),
          error);
    }
    return StorageFailures.of("cannot commit to table " + root, error);
  }

  private boolean isOwn(String root, long version, Author author) {
    return reads.findTransaction(root, author.transaction(), version, version).isPresent();
  }

  private long ownVersion(String root, Author author, long head) {
    OptionalLong found = reads.findTransaction(root, author.transaction(), 0, head);
    return found.orElseThrow(
        () ->
            new EngineException(
                ErrorType.PUBLISH_CONFLICT,
                "attempt "
                    + author.transaction()
                    + " has committed to table "
                    + root
                    + " before, in a version that its log has dropped since"));
  }

  /** Hooks only make the next reader quicker, so what they throw is no failure of the commit. */
  private void runHooks(String root, TransactionCommitResult result) {
    for (PostCommitHook hook : result.getPostCommitHooks()) {
      if (hook.getType() == PostCommitHookType.CHECKSUM_FULL) {
        continue; // reads the whole table's state again
      }
      try {
        hook.threadSafeInvoke(engine);
      } catch (IOException | RuntimeException e) {
        LOG.debug("{} of {} at version {} failed", hook.getType(), root, result.getVersion(), e);
      }
    }
  }

  private static Author author(CommitInfo info) {
    return new Author(
        "mlpipeline/0.1 run="
            + info.run()
            + " step="
            + info.step()
            + " attempt="
            + info.attempt()
            + " content="
            + info.content(),
        info.attempt());
  }

  private static long fail(EngineException e) {
    throw e;
  }

  private static EngineException moved(String root, long base, long head) {
    String now = head < 0 ? "is not there any more" : "is at version " + head;
    String then = base < 0 ? "there was none" : "it was at version " + base;
    return new EngineException(
        ErrorType.PUBLISH_CONFLICT,
        "table " + root + " " + now + "; when the run was planned " + then);
  }

  private static EngineException conflict(String root, long next, RuntimeException cause) {
    return new EngineException(
        ErrorType.PUBLISH_CONFLICT,
        "somebody else has just written version " + next + " of table " + root,
        cause);
  }

  private static EngineException unknown(
      String root, long next, Author author, RuntimeException cause) {
    return new EngineException(
        ErrorType.PUBLISH_UNKNOWN,
        "nobody knows if attempt "
            + author.transaction()
            + " has committed version "
            + next
            + " of table "
            + root
            + ": look if "
            + root
            + "/_delta_log/"
            + LogPaths.commit(next)
            + " is there and names the attempt ("
            + StorageFailures.reason(cause)
            + ")",
        cause);
  }
}
