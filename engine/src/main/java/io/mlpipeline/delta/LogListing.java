package io.mlpipeline.delta;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * What the names in a table's log directory say, with no file opened and no class of Kernel or
 * Hadoop loaded: an unchanged pipeline is planned by this alone.
 */
final class LogListing {

  private static final int DIGITS = 20;

  private final NavigableSet<Long> commits = new TreeSet<>();
  private final NavigableSet<Long> checkpoints = new TreeSet<>();

  /** Lists a local log; empty if there is no such directory. */
  static LogListing ofLocal(Path logDirectory) throws IOException {
    LogListing listing = new LogListing();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(logDirectory)) {
      for (Path file : files) {
        listing.add(String.valueOf(file.getFileName()));
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return listing;
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    return listing;
  }

  /** Takes in one file's name; names that are neither a commit nor a checkpoint are ignored. */
  void add(String name) {
    if (name.length() <= DIGITS + 1 || name.charAt(DIGITS) != '.') {
      return;
    }
    boolean commit = name.endsWith(".json") && name.length() == DIGITS + 5;
    boolean checkpoint = name.startsWith(".checkpoint.", DIGITS) && !name.endsWith(".tmp");
    long version = commit || checkpoint ? version(name) : -1;
    if (version >= 0) {
      (commit ? commits : checkpoints).add(version);
    }
  }

  private static long version(String name) {
    long version = 0;
    for (int i = 0; i < DIGITS; i++) {
      int digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9 || version > (Long.MAX_VALUE - 9) / 10) {
        return -1;
      }
      version = version * 10 + digit;
    }
    return version;
  }

  /** The newest version; empty if there is no table. */
  OptionalLong head() {
    if (commits.isEmpty() && checkpoints.isEmpty()) {
      return OptionalLong.empty();
    }
    long commit = commits.isEmpty() ? -1 : commits.last();
    long checkpoint = checkpoints.isEmpty() ? -1 : checkpoints.last();
    return OptionalLong.of(Math.max(commit, checkpoint));
  }

  boolean hasCommit(long version) {
    return commits.contains(version);
  }

  /** Whether the version's state can be put together from what is there. */
  boolean isReadable(long version) {
    if (!commits.contains(version)) {
      return checkpoints.contains(version);
    }
    long low = firstOfRun(version);
    return low == 0 || checkpoints.subSet(low - 1, true, version, true).size() > 0;
  }

  /**
   * The commit whose absence makes a version unreadable although older ones are there; empty if the
   * version is readable, not there, or if the log was cut off at its old end, as retention does.
   */
  OptionalLong missingBelow(long version) {
    if (!commits.contains(version) || isReadable(version)) {
      return OptionalLong.empty();
    }
    long low = firstOfRun(version);
    return commits.first() < low ? OptionalLong.of(low - 1) : OptionalLong.empty();
  }

  /** What to suspect if no commit is damaged. */
  String checkpointAtOrBelow(long version) {
    Long checkpoint = checkpoints.floor(version);
    return checkpoint == null
        ? "its log holds no table"
        : "the checkpoint of version " + checkpoint + " is damaged";
  }

  private long firstOfRun(long version) {
    long low = version;
    while (commits.contains(low - 1)) {
      low--;
    }
    return low;
  }
}
