package io.mlpipeline.delta;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.TableLog;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Delta logs through Delta Kernel, with no SparkSession.
 *
 * <p>{@link #findHead} and {@link #allPresent} of local tables load no class of Kernel or Hadoop
 * and never ask for the settings. Local commits go through {@link LinkLogStore}; those of other
 * schemes through the log store that the settings name ({@code io.delta.kernel.logStore.*}), and
 * are only as exact as that one is. A table that is made here keeps its history for ten years.
 *
 * <p>Tables stay ordinary Delta tables, which any Delta engine may read, append to, optimize and
 * vacuum. What such an engine did is respected: a head that moved is a conflict. Safe for any
 * number of threads and processes.
 */
public final class KernelTableLog implements TableLog {

  private static final Pattern ATTEMPT = Pattern.compile("mlpipeline/\\S+ .*attempt=(\\S+)");
  private static final Pattern CONTENT = Pattern.compile("mlpipeline/\\S+ .*content=(\\S+)");

  private final String warehouse;
  private final Supplier<Configuration> conf;
  private @Nullable KernelLog kernel;

  /**
   * @param warehouseUri where relative table URIs start; a path or URI
   * @param conf Hadoop's settings, asked for once, when they are first needed; never changed
   */
  public KernelTableLog(String warehouseUri, Supplier<Configuration> conf) {
    this.warehouse = Locations.absolute(warehouseUri);
    this.conf = conf;
  }

  @Override
  public OptionalLong findHead(String uri) {
    String root = root(uri);
    if (!Locations.isLocal(root)) {
      return kernel().reads().list(root).head();
    }
    try {
      return LogListing.ofLocal(Locations.localPath(root).resolve("_delta_log")).head();
    } catch (IOException e) {
      throw StorageFailures.of("cannot list the log of " + root, e);
    }
  }

  @Override
  public Optional<Snapshot> find(String uri, long version) {
    return kernel().reads().find(root(uri), OptionalLong.of(version));
  }

  @Override
  public Optional<Snapshot> findNewest(String uri) {
    return kernel().reads().find(root(uri), OptionalLong.empty());
  }

  @Override
  public boolean allPresent(String uri, List<DataFile> files) {
    return new FilePresence(location -> kernel().reads().size(location))
        .findProblem(root(uri), files)
        .isEmpty();
  }

  @Override
  public long replace(StagedTable staged, long base, CommitInfo info) {
    return kernel().commits().replace(root(staged.uri()), staged, base, info);
  }

  @Override
  public long restore(String uri, long version, CommitInfo info) {
    return kernel().commits().restore(root(uri), version, info);
  }

  @Override
  public Optional<String> findAttempt(String uri, long version) {
    return find(ATTEMPT, uri, version);
  }

  @Override
  public Optional<String> findContent(String uri, long version) {
    return find(CONTENT, uri, version);
  }

  private Optional<String> find(Pattern pattern, String uri, long version) {
    return kernel()
        .reads()
        .engineInfo(root(uri), version)
        .map(pattern::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1));
  }

  private String root(String uri) {
    return Locations.resolve(warehouse, uri);
  }

  private synchronized KernelLog kernel() {
    KernelLog result = kernel;
    if (result == null) {
      result = KernelLog.open(conf.get());
      kernel = result;
    }
    return result;
  }
}
