package io.mlpipeline.run;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.Fence;
import io.mlpipeline.port.TableLog;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Tables that only who holds the lease may change. */
record FencedTables(TableLog tables, Fence fence) implements TableLog {

  @Override
  public OptionalLong findHead(String uri) {
    return tables.findHead(uri);
  }

  @Override
  public Optional<Snapshot> find(String uri, long version) {
    return tables.find(uri, version);
  }

  @Override
  public Optional<Snapshot> findNewest(String uri) {
    return tables.findNewest(uri);
  }

  @Override
  public Optional<String> findContent(String uri, long version) {
    return tables.findContent(uri, version);
  }

  @Override
  public Optional<String> findAttempt(String uri, long version) {
    return tables.findAttempt(uri, version);
  }

  @Override
  public boolean allPresent(String uri, List<DataFile> files) {
    return tables.allPresent(uri, files);
  }

  @Override
  public List<DataFile> missing(String uri, List<DataFile> files) {
    return tables.missing(uri, files);
  }

  @Override
  public long replace(StagedTable staged, long base, CommitInfo info) {
    fence.check();
    return tables.replace(staged, base, info);
  }

  @Override
  public long restore(String uri, long version, CommitInfo info) {
    fence.check();
    return tables.restore(uri, version, info);
  }
}
