package io.mlpipeline.spark.ml;

import io.mlpipeline.model.ModelFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was found in a model's directory.
 *
 * @param files every file, sorted by path
 * @param metadata the JSON documents of every metadata file by path
 * @param tables what the Parquet files hold, by path
 */
record ModelContent(
    List<ModelFile> files,
    SortedMap<String, List<Object>> metadata,
    SortedMap<String, ParquetRows> tables) {

  private static final String TOP = "metadata/";

  /** The class of the model itself. */
  String topClass() {
    return metadata.entrySet().stream()
        .filter(e -> e.getKey().startsWith(TOP))
        .flatMap(e -> e.getValue().stream())
        .map(json -> json instanceof Map<?, ?> map ? map.get("class") : null)
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .findFirst()
        .orElse("");
  }

  /** The classes that the columns' types name, by path. */
  SortedMap<String, List<Object>> columnTypes() {
    SortedMap<String, List<Object>> all = new TreeMap<>();
    tables.forEach((path, table) -> all.put(path, table.classes()));
    return all;
  }

  /**
   * What stands for each uid in the digest: its place among all of them, so that two stages are
   * told apart and the chance in their names does not count.
   */
  static Map<String, String> uids(SortedMap<String, List<Object>> metadata) {
    Map<String, String> uids = new LinkedHashMap<>();
    metadata.values().forEach(docs -> docs.forEach(doc -> MetadataJson.collectUids(doc, uids)));
    return uids;
  }

  /**
   * The digest of what the model is, whatever it was written by: not of file names, layout, times,
   * uids and Spark's patch level. Rows count as a bag, because no reader may rely on their order.
   */
  String digest() {
    Map<String, String> uids = uids(metadata);
    SortedMap<String, List<String>> parts = new TreeMap<>();
    for (ModelFile file : files) {
      List<String> part = parts.computeIfAbsent(place(file.path(), uids), p -> new ArrayList<>());
      List<Object> documents = metadata.get(file.path());
      ParquetRows table = tables.get(file.path());
      if (documents != null) {
        documents.forEach(doc -> part.add(hash(MetadataJson.normalized(doc, uids))));
      } else if (table != null) {
        part.addAll(table.hashes());
      } else {
        part.add(hash(file.path()));
        part.add(hash(file.sha256()));
      }
    }
    return "m1:" + hash(parts);
  }

  private static String hash(String text) {
    return new Sha256().bytes(text.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static String hash(SortedMap<String, List<String>> parts) {
    Sha256 all = new Sha256();
    all.number(parts.size());
    parts.forEach(
        (place, entries) -> {
          all.text(place);
          all.number(entries.size());
          entries.stream().sorted().forEach(all::text);
        });
    return all.hex();
  }

  /** The directory of a file with the uids taken out of its name: {@code stages/0/data}. */
  private static String place(String path, Map<String, String> uids) {
    List<String> segments = new ArrayList<>(List.of(path.split("/")));
    segments.remove(segments.size() - 1);
    segments.replaceAll(segment -> withoutUid(segment, uids));
    return String.join("/", segments);
  }

  private static String withoutUid(String segment, Map<String, String> uids) {
    int end = segment.indexOf('_');
    return end >= 0 && uids.containsKey(segment.substring(end + 1))
        ? segment.substring(0, end)
        : segment;
  }
}
