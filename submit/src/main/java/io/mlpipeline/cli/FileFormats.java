package io.mlpipeline.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the names of files say of their format. */
final class FileFormats {

  private static final Map<String, String> ENDINGS =
      Map.of(
          "csv", "csv", "tsv", "csv", "txt", "csv", "json", "json", "jsonl", "json", "ndjson",
          "json", "parquet", "parquet", "orc", "orc");

  private FileFormats() {}

  /**
   * By the ending of the file, or of the first one in the folder that has a known one.
   *
   * @param path as it was written
   * @param file where that is, if it is local
   */
  static Optional<String> of(String path, Path file) {
    String last = path;
    String[] children = file.toFile().list();
    if (children != null) {
      last =
          List.of(children).stream()
              .sorted()
              .filter(child -> ENDINGS.containsKey(ending(child)))
              .findFirst()
              .orElse(path);
    }
    return Optional.ofNullable(ENDINGS.get(ending(last)));
  }

  private static String ending(String file) {
    String plain = file.toLowerCase(Locale.ROOT).replaceAll("\\.(gz|bz2|zst|snappy)$", "");
    return plain.substring(plain.lastIndexOf('.') + 1);
  }
}
