package io.mlpipeline;

import io.mlpipeline.gc.Garbage;
import io.mlpipeline.json.SampleMarkerJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.WarehouseFiles.Found;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;

/**
 * Warehouses beside one that runs on samples made: those of this one that bear the marker, and in
 * which nothing is young, can go whole. The marker goes last, so that what was half removed is
 * still known for what it is.
 */
final class OldSamples {

  private static final String MARKER = "_ml/" + SampleMarkerJson.KEY;

  private final Warehouse warehouse;

  OldSamples(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /** Those in which nothing was written since; a marker that cannot be read keeps its warehouse. */
  List<Garbage> find(Instant limit) {
    List<Garbage> found = new ArrayList<>();
    for (String uri : beside()) {
      Warehouse sample = Warehouse.open(uri, Path.of(""));
      if (isSample(sample)) {
        List<Found> files = new ArrayList<>(sample.files().list());
        files.sort(Comparator.comparing((Found file) -> file.path().equals(MARKER)));
        if (files.stream().allMatch(file -> file.modified().isBefore(limit))) {
          found.add(new Garbage(Garbage.Sort.SAMPLE, uri, new TreeSet<>(), files));
        }
      }
    }
    return found;
  }

  private boolean isSample(Warehouse sample) {
    try {
      return SampleMarkers.find(sample)
          .filter(marker -> marker.of().equals(warehouse.uri()))
          .isPresent();
    } catch (EngineException e) {
      if (e.type() == ErrorType.STORAGE_CORRUPT) {
        return false;
      }
      throw e;
    }
  }

  void remove(Garbage sample) {
    Warehouse its = Warehouse.open(sample.name(), Path.of(""));
    sample.files().forEach(file -> its.files().delete(file.path()));
    its.files().removeEmpty("", Instant.MAX);
  }

  /** The places beside whose name goes on as those of samples do. */
  private List<String> beside() {
    String prefix = warehouse.uri() + "__sample-";
    try {
      return warehouse.isLocal() ? local(prefix) : remote(prefix);
    } catch (FileNotFoundException | java.nio.file.NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.STORAGE_UNAVAILABLE, "cannot list what is beside " + warehouse.uri(), e);
    }
  }

  private static List<String> local(String prefix) throws IOException {
    Path first = Path.of(prefix);
    Path parent = first.getParent();
    List<String> found = new ArrayList<>();
    if (parent == null) {
      return found;
    }
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(parent, one -> one.toString().startsWith(prefix))) {
      all.forEach(one -> found.add(one.toString()));
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  private List<String> remote(String prefix) throws IOException {
    org.apache.hadoop.fs.Path parent = new org.apache.hadoop.fs.Path(prefix).getParent();
    List<String> found = new ArrayList<>();
    if (parent == null) {
      return found; // the warehouse is the root of its store, and its samples lie in it
    }
    for (FileStatus one : parent.getFileSystem(warehouse.hadoop().get()).listStatus(parent)) {
      String name = one.getPath().toString();
      if (name.startsWith(prefix)) {
        found.add(name);
      }
    }
    return found;
  }
}
