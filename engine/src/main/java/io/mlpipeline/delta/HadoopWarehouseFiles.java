package io.mlpipeline.delta;

import io.mlpipeline.port.WarehouseFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** {@link WarehouseFiles} on any file system that Hadoop knows. */
public final class HadoopWarehouseFiles implements WarehouseFiles {

  private final Path warehouse;
  private final Supplier<Configuration> hadoop;

  /** The warehouse's URI, absolute; the configuration is asked for at first use. */
  public HadoopWarehouseFiles(String warehouse, Supplier<Configuration> hadoop) {
    this.warehouse = new Path(warehouse);
    this.hadoop = hadoop;
  }

  @Override
  public List<Found> list() {
    List<Found> found = new ArrayList<>();
    String root = warehouse.toUri().getPath();
    try {
      RemoteIterator<LocatedFileStatus> files =
          warehouse.getFileSystem(hadoop.get()).listFiles(warehouse, true);
      while (files.hasNext()) {
        LocatedFileStatus file = files.next();
        String path = file.getPath().toUri().getPath().substring(root.length());
        found.add(
            new Found(
                path.startsWith("/") ? path.substring(1) : path,
                file.getLen(),
                Instant.ofEpochMilli(file.getModificationTime())));
      }
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw StorageFailures.of("cannot list " + warehouse, e);
    }
    found.sort(Comparator.comparing(Found::path));
    return found;
  }

  @Override
  public void delete(String path) {
    Path file = new Path(warehouse, new Path(null, null, path));
    try {
      file.getFileSystem(hadoop.get()).delete(file, false);
    } catch (IOException e) {
      throw StorageFailures.of("cannot delete " + file, e);
    }
  }
}
