package io.mlpipeline.spark.ml;

import com.fasterxml.jackson.core.JacksonException;
import io.mlpipeline.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of one model. {@code _SUCCESS} markers and Hadoop's {@code .crc} files are no part of
 * it: MLlib loads without them, and their names say nothing.
 */
final class ModelDirectory {

  /** No metadata file is near this; what is larger was not written by MLlib. */
  private static final long MOST_METADATA = 16L << 20;

  private final Configuration conf;
  private final String name;
  private final Path root;
  private final FileSystem fs;

  ModelDirectory(Configuration conf, String name, String warehouseUri, String uri) {
    this.conf = conf;
    this.name = name;
    try {
      Path path = new Path(new Path(warehouseUri), uri);
      this.fs = path.getFileSystem(conf);
      this.root = fs.makeQualified(path);
    } catch (IOException e) {
      throw new UncheckedIOException("opening model " + name + " at " + uri, e);
    }
  }

  /** Whether a relative path leads nowhere but down. */
  static boolean isInside(String path) {
    return !path.isEmpty()
        && path.indexOf('\\') < 0
        && path.indexOf(':') < 0
        && Stream.of(path.split("/", -1))
            .noneMatch(s -> s.isEmpty() || s.equals(".") || s.equals(".."));
  }

  String uri() {
    return root.toString();
  }

  /** Everything, for the digest. */
  ModelContent read() throws IOException {
    List<ModelFile> files = new ArrayList<>();
    SortedMap<String, List<Object>> metadata = new TreeMap<>();
    SortedMap<String, ParquetRows> rows = new TreeMap<>();
    for (var entry : list().entrySet()) {
      String path = entry.getKey();
      files.add(new ModelFile(path, entry.getValue().getLen(), sha256(path)));
      if (path.endsWith(".parquet")) {
        rows.put(path, ParquetRows.read(conf, new Path(root, path)));
      } else if (isMetadata(path)) {
        metadata.put(path, json(path, entry.getValue().getLen()));
      }
    }
    return new ModelContent(files, metadata, rows);
  }

  /** Checks that the files are these and no others; brings the metadata back, but no rows. */
  ModelContent verify(List<ModelFile> expected) throws IOException {
    SortedMap<String, FileStatus> found = list();
    SortedMap<String, List<Object>> metadata = new TreeMap<>();
    for (ModelFile file : expected) {
      if (!isInside(file.path())) {
        throw ModelFiles.corrupt(name, "its manifest names '" + file.path() + "'");
      }
      verify(file, found.remove(file.path()));
      if (isMetadata(file.path())) {
        metadata.put(file.path(), json(file.path(), file.size()));
      }
    }
    if (!found.isEmpty()) {
      throw ModelFiles.corrupt(name, found.firstKey() + " is not in its manifest");
    }
    return new ModelContent(expected, metadata, new TreeMap<>());
  }

  private void verify(ModelFile file, @Nullable FileStatus status) throws IOException {
    if (status == null) {
      throw ModelFiles.corrupt(name, file.path() + " is missing in " + root);
    }
    if (status.getLen() != file.size()) {
      throw ModelFiles.corrupt(
          name, file.path() + " has " + status.getLen() + " bytes instead of " + file.size());
    }
    if (!sameBytes(file)) {
      throw ModelFiles.corrupt(name, file.path() + " is not what was written: its SHA-256 differs");
    }
  }

  private boolean sameBytes(ModelFile file) throws IOException {
    try {
      return sha256(file.path()).equals(file.sha256());
    } catch (ChecksumException ignored) {
      // Hadoop's own checksum, where its file is still there, speaks first.
      return false;
    }
  }

  private SortedMap<String, FileStatus> list() throws IOException {
    refuseLinks();
    SortedMap<String, FileStatus> files = new TreeMap<>();
    if (fs.exists(root)) {
      list(root, "", files);
    }
    return files;
  }

  private void list(Path directory, String prefix, SortedMap<String, FileStatus> files)
      throws IOException {
    for (FileStatus status : fs.listStatus(directory)) {
      String path = prefix + status.getPath().getName();
      if (status.isSymlink()) {
        throw ModelFiles.corrupt(name, path + " is a link");
      } else if (status.isDirectory()) {
        list(status.getPath(), path + "/", files);
      } else if (!isNoise(status)) {
        files.put(path, status);
      }
    }
  }

  /** Hadoop's local file system follows links without a word. */
  private void refuseLinks() throws IOException {
    if (!(fs instanceof LocalFileSystem local)) {
      return;
    }
    java.nio.file.Path top = local.pathToFile(root).toPath();
    if (Files.isSymbolicLink(top)) {
      throw ModelFiles.corrupt(name, root + " is a link");
    }
    if (!Files.isDirectory(top)) {
      return;
    }
    try (Stream<java.nio.file.Path> all = Files.walk(top)) {
      var link = all.filter(Files::isSymbolicLink).min(Comparator.naturalOrder());
      if (link.isPresent()) {
        throw ModelFiles.corrupt(name, top.relativize(link.get()) + " is a link");
      }
    }
  }

  private static boolean isNoise(FileStatus status) {
    String file = status.getPath().getName();
    return (file.equals("_SUCCESS") && status.getLen() == 0)
        || (file.startsWith(".") && file.endsWith(".crc"));
  }

  private static boolean isMetadata(String path) {
    return path.startsWith("metadata/") || path.contains("/metadata/");
  }

  private List<Object> json(String path, long size) throws IOException {
    if (size > MOST_METADATA) {
      throw ModelFiles.corrupt(name, path + " has " + size + " bytes, too many for metadata");
    }
    try (InputStream in = fs.open(new Path(root, path))) {
      return MetadataJson.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw ModelFiles.corrupt(name, path + " is not JSON: " + e.getOriginalMessage());
    }
  }

  private String sha256(String path) throws IOException {
    Sha256 digest = new Sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = fs.open(new Path(root, path))) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.part(buffer, n);
      }
    }
    return digest.hex();
  }
}
