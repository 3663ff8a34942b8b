package io.mlpipeline.spark.ml;

import com.fasterxml.jackson.core.JacksonException;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ModelFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** The files of one model: listed, held against a manifest, and read. */
final class ModelDirectory {

  /** No metadata file is near this; what is larger was not written by MLlib. */
  private static final long MOST_METADATA = 16L << 20;

  private static final String PARQUET = "PAR1";
  private static final String ENCRYPTED = "PARE";

  private final Configuration conf;
  private final Function<String, EngineException> problem;
  private final Path root;
  private final FileSystem fs;

  /**
   * Opens a directory, which need not exist.
   *
   * @param problem makes what is thrown of something wrong with it
   */
  ModelDirectory(
      Configuration conf,
      String warehouseUri,
      String uri,
      Function<String, EngineException> problem) {
    this.conf = conf;
    this.problem = problem;
    try {
      Path path = new Path(new Path(warehouseUri), uri);
      this.fs = path.getFileSystem(conf);
      this.root = fs.makeQualified(path);
    } catch (IOException e) {
      throw new UncheckedIOException("opening the model at " + uri, e);
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

  /** Everything, as it is. */
  ModelContent read() throws IOException {
    ModelListing listing = ModelListing.of(fs, root, problem);
    List<ModelFile> files = new ArrayList<>();
    for (Map.Entry<String, FileStatus> entry : listing.files().entrySet()) {
      String path = entry.getKey();
      files.add(new ModelFile(path, entry.getValue().getLen(), sha256(path)));
    }
    listing.refuseOthers(files, problem);
    return content(files);
  }

  /** Everything, after it was made sure that the files are these, byte by byte, and no others. */
  ModelContent verify(List<ModelFile> expected) throws IOException {
    for (ModelFile file : expected) {
      if (!isInside(file.path())) {
        throw problem.apply("its manifest names '" + file.path() + "', which is not inside it");
      }
    }
    ModelListing listing = ModelListing.of(fs, root, problem);
    for (ModelFile file : expected) {
      verify(file, listing.files().get(file.path()));
    }
    listing.refuseOthers(expected, problem);
    return content(expected);
  }

  private void verify(ModelFile file, @Nullable FileStatus status) throws IOException {
    if (status == null) {
      throw problem.apply(file.path() + " is missing");
    }
    if (status.getLen() != file.size()) {
      throw problem.apply(
          file.path() + " has " + status.getLen() + " bytes instead of " + file.size());
    }
    if (!sameBytes(file)) {
      throw problem.apply(file.path() + " is not what was written: its SHA-256 differs");
    }
  }

  private boolean sameBytes(ModelFile file) throws IOException {
    try {
      return sha256(file.path()).equals(file.sha256());
    } catch (ChecksumException ignored) {
      // Hadoop's own checksum, where its file is still there, speaks first.
      return false;
    } catch (FileNotFoundException e) {
      throw problem.apply(file.path() + " went away while it was read");
    }
  }

  private ModelContent content(List<ModelFile> files) throws IOException {
    SortedMap<String, List<Object>> metadata = new TreeMap<>();
    for (ModelFile file : files) {
      if (isMetadata(file.path())) {
        metadata.put(file.path(), json(file.path(), file.size()));
      }
    }
    Map<String, String> uids = ModelContent.uids(metadata);
    SortedMap<String, ParquetRows> tables = new TreeMap<>();
    for (ModelFile file : files) {
      if (!metadata.containsKey(file.path()) && isTable(file)) {
        tables.put(file.path(), table(file.path(), uids));
      }
    }
    return new ModelContent(files, metadata, tables);
  }

  /** MLlib looks for metadata/, and some file systems do not mind how that is written. */
  private static boolean isMetadata(String path) {
    String plain = "/" + path.toLowerCase(Locale.ROOT);
    return plain.contains("/metadata/");
  }

  private List<Object> json(String path, long size) throws IOException {
    if (size > MOST_METADATA) {
      throw problem.apply(path + " has " + size + " bytes, too many for metadata");
    }
    try (InputStream in = fs.open(new Path(root, path))) {
      return MetadataJson.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw problem.apply(path + " is not JSON: " + e.getOriginalMessage());
    }
  }

  /** Spark takes any file for Parquet that ends as one does, whatever its name. */
  private boolean isTable(ModelFile file) throws IOException {
    byte[] end = new byte[4];
    if (file.size() < end.length) {
      return false;
    }
    try (FSDataInputStream in = fs.open(new Path(root, file.path()))) {
      in.readFully(file.size() - end.length, end);
    }
    String magic = new String(end, StandardCharsets.ISO_8859_1);
    if (magic.equals(ENCRYPTED)) {
      throw problem.apply(file.path() + " is encrypted, so that nobody can say what it names");
    }
    return magic.equals(PARQUET);
  }

  private ParquetRows table(String path, Map<String, String> uids) throws IOException {
    try {
      return ParquetRows.read(conf, new Path(root, path), uids);
    } catch (JacksonException e) {
      throw problem.apply(path + " has a schema that is not JSON: " + e.getOriginalMessage());
    } catch (RuntimeException e) {
      throw problem.apply(path + " cannot be read as Parquet: " + e.getMessage());
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
