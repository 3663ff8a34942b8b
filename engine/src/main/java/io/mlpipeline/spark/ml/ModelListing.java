package io.mlpipeline.spark.ml;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Every name below a model's directory. {@code _SUCCESS} markers and Hadoop's {@code .crc} files
 * are no part of the model, for MLlib loads without them; they may lie beside its files and nowhere
 * else.
 *
 * @param files every file by relative path
 * @param marks what Hadoop leaves beside files
 * @param directories every directory below the root, with a slash at the end
 */
record ModelListing(
    SortedMap<String, FileStatus> files,
    SortedMap<String, FileStatus> marks,
    SortedSet<String> directories) {

  private static final String SUCCESS = "_SUCCESS";
  private static final String CRC = ".crc";

  /** A checksum file has a head of 8 bytes and 4 for each 512 of the file, or for more of them. */
  private static final int CRC_HEAD = 8;

  private static final int CRC_CHUNK = 512;

  static ModelListing of(FileSystem fs, Path root, Function<String, EngineException> problem)
      throws IOException {
    refuseLinks(fs, root, problem);
    ModelListing listing = new ModelListing(new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
    // What checks sums hides the files that it keeps them in.
    FileSystem plain = fs instanceof ChecksumFileSystem summed ? summed.getRawFileSystem() : fs;
    if (plain.exists(root)) {
      listing.add(plain, root, "", problem);
    }
    return listing;
  }

  private void add(
      FileSystem fs, Path directory, String prefix, Function<String, EngineException> problem)
      throws IOException {
    for (FileStatus status : fs.listStatus(directory)) {
      String name = status.getPath().getName();
      String path = prefix + name;
      if (status.isSymlink()) {
        throw problem.apply(path + " is a link");
      } else if (status.isDirectory()) {
        directories.add(path + "/");
        add(fs, status.getPath(), path + "/", problem);
      } else if (isMark(name, status.getLen())) {
        marks.put(path, status);
      } else {
        files.put(path, status);
      }
    }
  }

  private static boolean isMark(String name, long size) {
    return (name.equals(SUCCESS) && size == 0) || (name.startsWith(".") && name.endsWith(CRC));
  }

  /** Hadoop's local file system follows links without a word. */
  private static void refuseLinks(
      FileSystem fs, Path root, Function<String, EngineException> problem) throws IOException {
    if (!(fs instanceof LocalFileSystem local)) {
      return;
    }
    java.nio.file.Path top = local.pathToFile(root).toPath();
    if (Files.isSymbolicLink(top)) {
      throw problem.apply("the directory is a link");
    }
    if (!Files.isDirectory(top)) {
      return;
    }
    try (Stream<java.nio.file.Path> all = Files.walk(top)) {
      var link = all.filter(Files::isSymbolicLink).min(Comparator.naturalOrder());
      if (link.isPresent()) {
        throw problem.apply(top.relativize(link.get()) + " is a link");
      }
    }
  }

  /** Throws if anything is there besides these files and what Hadoop leaves beside them. */
  void refuseOthers(List<ModelFile> expected, Function<String, EngineException> problem) {
    SortedMap<String, Long> sizes = new TreeMap<>();
    SortedSet<String> parents = new TreeSet<>();
    for (ModelFile file : expected) {
      sizes.put(file.path(), file.size());
      for (int at = file.path().indexOf('/'); at >= 0; at = file.path().indexOf('/', at + 1)) {
        parents.add(file.path().substring(0, at + 1));
      }
    }
    parents.add("");
    Stream<String> others =
        Stream.of(
                files.keySet().stream().filter(path -> !sizes.containsKey(path)),
                directories.stream().filter(path -> !parents.contains(path)),
                marks.keySet().stream().filter(path -> !isBeside(path, sizes, parents)))
            .flatMap(all -> all);
    others
        .min(Comparator.naturalOrder())
        .ifPresent(
            path -> {
              throw problem.apply(path + " is not in its manifest; remove it if you know it");
            });
  }

  private boolean isBeside(
      String mark, SortedMap<String, Long> sizes, SortedSet<String> directoriesOfFiles) {
    int name = mark.lastIndexOf('/') + 1;
    String directory = mark.substring(0, name);
    if (mark.substring(name).equals(SUCCESS)) {
      return directoriesOfFiles.contains(directory);
    }
    String of = directory + mark.substring(name + 1, mark.length() - CRC.length());
    Long size = marks.containsKey(of) ? Long.valueOf(0) : sizes.get(of);
    FileStatus status = marks.get(mark);
    return size != null
        && status != null
        && status.getLen() <= CRC_HEAD + 4 * ((size + CRC_CHUNK - 1) / CRC_CHUNK);
  }
}
