package io.mlpipeline.delta;

import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.LogFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@link LogFiles} from the commits of a log, one after another, whatever the table's protocol is:
 * a deletion vector takes a file out and brings it in again, which leaves its versions whole. Only
 * where a log was cut off the state at its oldest checkpoint is loaded, too.
 */
public final class KernelLogFiles implements LogFiles {

  private static final StructType PATH = new StructType().add("path", StringType.STRING);
  private static final StructType READ = new StructType().add("add", PATH).add("remove", PATH);
  private static final int ADD = 0;
  private static final int REMOVE = 1;

  private final String warehouse;
  private final Supplier<Configuration> hadoop;
  private @Nullable Engine engine;
  private @Nullable Configuration conf;

  /** Tables below a warehouse; Kernel is loaded at first use. */
  public KernelLogFiles(String warehouse, Supplier<Configuration> hadoop) {
    this.warehouse = Locations.absolute(warehouse);
    this.hadoop = hadoop;
  }

  private synchronized Engine engine() {
    Engine made = engine;
    if (made == null) {
      made = DefaultEngine.create(conf());
      engine = made;
    }
    return made;
  }

  private synchronized Configuration conf() {
    Configuration made = conf;
    if (made == null) {
      made = NioLocalFileSystem.withoutChecksums(hadoop.get());
      conf = made;
    }
    return made;
  }

  @Override
  public Optional<Named> find(String table) {
    String root = Locations.resolve(warehouse, table);
    NavigableSet<Long> commits = new TreeSet<>();
    NavigableSet<Long> checkpoints = new TreeSet<>();
    list(root, commits, checkpoints);
    if (commits.isEmpty()) {
      return Optional.empty();
    }
    long head = commits.last();
    long first = head;
    while (commits.contains(first - 1)) {
      first--;
    }
    Long checkpoint = first == 0 ? null : checkpoints.ceiling(first - 1);
    if (first > 0 && (checkpoint == null || checkpoint > head)) {
      throw new EngineException(
          ErrorType.STORAGE_CORRUPT,
          "its log does not hold version " + (first - 1) + ", or not any more");
    }
    long oldest = checkpoint == null ? 0 : checkpoint;
    return Optional.of(new Named(oldest, head, read(root, checkpoint, head)));
  }

  private void list(String root, NavigableSet<Long> commits, NavigableSet<Long> checkpoints) {
    Path directory = new Path(root, "_delta_log");
    try {
      for (var file : directory.getFileSystem(conf()).listStatus(directory)) {
        String name = file.getPath().getName();
        if (name.matches("[0-9]{20}\\.json")) {
          commits.add(Long.parseLong(name.substring(0, 20)));
        } else if (name.matches("[0-9]{20}\\.checkpoint\\..*(parquet|json)")) {
          checkpoints.add(Long.parseLong(name.substring(0, 20)));
        }
      }
    } catch (FileNotFoundException e) {
      return;
    } catch (IOException e) {
      throw StorageFailures.of("cannot list " + directory, e);
    }
  }

  private Map<String, List<Span>> read(String root, @Nullable Long checkpoint, long head) {
    Map<String, Long> live = new HashMap<>();
    Map<String, List<Span>> files = new HashMap<>();
    try {
      if (checkpoint != null) {
        KernelTable.at(engine(), root, checkpoint)
            .liveFiles()
            .forEach(file -> live.put(file.file().path(), checkpoint));
      }
      for (long v = checkpoint == null ? 0 : checkpoint + 1; v <= head; v++) {
        commit(root, v, live, files);
      }
    } catch (EngineException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new EngineException(
          ErrorType.STORAGE_CORRUPT, "its log cannot be read: " + StorageFailures.reason(e), e);
    }
    live.forEach((path, from) -> add(files, path, new Span(from, Long.MAX_VALUE)));
    return files;
  }

  /** What a commit removes and adds again it names all the time. */
  private void commit(
      String root, long version, Map<String, Long> live, Map<String, List<Span>> files) {
    List<String> added = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (Row row : rows(root + "/_delta_log/" + LogPaths.commit(version))) {
      path(row, ADD).ifPresent(added::add);
      path(row, REMOVE).ifPresent(removed::add);
    }
    removed.removeAll(new java.util.HashSet<>(added));
    for (String path : removed) {
      Long from = live.remove(path);
      if (from != null) {
        add(files, path, new Span(from, version));
      }
    }
    added.forEach(path -> live.putIfAbsent(path, version));
  }

  private static Optional<String> path(Row row, int ordinal) {
    return row.isNullAt(ordinal) || row.getStruct(ordinal).isNullAt(0)
        ? Optional.empty()
        : Optional.of(LogPaths.decode(row.getStruct(ordinal).getString(0)));
  }

  private static void add(Map<String, List<Span>> files, String path, Span span) {
    files.computeIfAbsent(path, key -> new ArrayList<>()).add(span);
  }

  private List<Row> rows(String file) {
    List<Row> rows = new ArrayList<>();
    CloseableIterator<FileStatus> one =
        KernelTable.closeable(List.of(FileStatus.of(file)).iterator());
    try (CloseableIterator<ColumnarBatch> batches =
        engine().getJsonHandler().readJsonFiles(one, READ, Optional.empty())) {
      while (batches.hasNext()) {
        batches.next().getRows().forEachRemaining(rows::add);
      }
    } catch (IOException e) {
      throw StorageFailures.of("cannot read " + file, e);
    }
    return rows;
  }
}
