package io.mlpipeline.testkit;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.TableLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Tables as lists of versions in memory. */
public class FakeTables implements TableLog {

  private final Map<String, List<Version>> logs;
  private final Set<String> goneFiles = new HashSet<>();

  public FakeTables() {
    this.logs = new HashMap<>();
  }

  /** The same tables, for somebody who does something else with them. */
  public FakeTables(FakeTables same) {
    this.logs = same.logs;
  }

  private record Version(List<DataFile> files, CommitInfo info, long dataChange) {}

  /** Somebody else replaces the content. */
  public synchronized void foreignWrite(String uri) {
    List<Version> log = logs.get(uri);
    log.add(new Version(List.of(), null, log.size()));
  }

  /** Somebody else rewrites files and changes no data. */
  public synchronized void foreignOptimize(String uri) {
    List<Version> log = logs.get(uri);
    Version last = log.get(log.size() - 1);
    log.add(new Version(last.files(), null, last.dataChange()));
  }

  /** The files of this table can no longer be read. */
  public synchronized void lose(String uri) {
    goneFiles.add(uri);
  }

  public synchronized int versions(String uri) {
    return logs.getOrDefault(uri, List.of()).size();
  }

  @Override
  public synchronized OptionalLong findHead(String uri) {
    List<Version> log = logs.get(uri);
    return log == null ? OptionalLong.empty() : OptionalLong.of(log.size() - 1);
  }

  @Override
  public synchronized Optional<Snapshot> find(String uri, long version) {
    List<Version> log = logs.getOrDefault(uri, List.of());
    if (version < 0 || version >= log.size()) {
      return Optional.empty();
    }
    Version at = log.get((int) version);
    return Optional.of(
        new Snapshot(uri, version, uri, "{}", List.of(), at.files(), false, at.dataChange()));
  }

  @Override
  public synchronized Optional<Snapshot> findNewest(String uri) {
    return find(uri, findHead(uri).orElse(-1));
  }

  @Override
  public synchronized Optional<String> findContent(String uri, long version) {
    List<Version> log = logs.getOrDefault(uri, List.of());
    return version >= log.size() || log.get((int) version).info() == null
        ? Optional.empty()
        : Optional.of(log.get((int) version).info().content());
  }

  @Override
  public synchronized Optional<String> findAttempt(String uri, long version) {
    List<Version> log = logs.getOrDefault(uri, List.of());
    return version >= log.size() || log.get((int) version).info() == null
        ? Optional.empty()
        : Optional.of(log.get((int) version).info().attempt());
  }

  @Override
  public synchronized boolean allPresent(String uri, List<DataFile> files) {
    return !goneFiles.contains(uri);
  }

  @Override
  public synchronized long replace(StagedTable staged, long base, CommitInfo info) {
    List<Version> log = logs.computeIfAbsent(staged.uri(), k -> new ArrayList<>());
    if (log.size() - 1 != base) {
      throw new EngineException(ErrorType.PUBLISH_CONFLICT, staged.uri() + " moved");
    }
    log.add(new Version(staged.files(), info, log.size()));
    return log.size() - 1L;
  }

  @Override
  public synchronized long restore(String uri, long version, CommitInfo info) {
    List<Version> log = logs.get(uri);
    log.add(new Version(log.get((int) version).files(), info, log.size()));
    return log.size() - 1L;
  }
}
