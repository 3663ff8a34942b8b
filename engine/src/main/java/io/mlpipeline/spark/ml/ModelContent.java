package io.mlpipeline.spark.ml;

import io.mlpipeline.model.ModelFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was found in a model's directory.
 *
 * @param files every file, sorted by path
 * @param metadata the JSON documents of every metadata file by path
 * @param rows the rows of every Parquet file by path; empty where only loading was asked for
 */
record ModelContent(
    List<ModelFile> files,
    SortedMap<String, List<Object>> metadata,
    SortedMap<String, ParquetRows> rows) {

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

  /**
   * The digest of what the model is, whatever it was written by: not of file names, layout, times,
   * uids and Spark's patch level. Rows count as a bag, because no reader may rely on their order.
   */
  String digest() {
    SortedSet<String> uids = new TreeSet<>();
    metadata.values().forEach(docs -> docs.forEach(doc -> MetadataJson.collectUids(doc, uids)));
    SortedMap<String, List<byte[]>> parts = new TreeMap<>();
    for (ModelFile file : files) {
      List<byte[]> part = parts.computeIfAbsent(place(file.path(), uids), p -> new ArrayList<>());
      List<Object> documents = metadata.get(file.path());
      ParquetRows table = rows.get(file.path());
      if (documents != null) {
        documents.forEach(doc -> part.add(utf8(MetadataJson.normalized(doc, uids))));
      } else if (table != null) {
        part.addAll(table.encoded(uids));
      } else {
        part.add(utf8(file.path()));
        part.add(utf8(file.sha256()));
      }
    }
    return "m1:" + hash(parts);
  }

  private static String hash(SortedMap<String, List<byte[]>> parts) {
    Sha256 all = new Sha256();
    all.number(parts.size());
    parts.forEach(
        (place, entries) -> {
          all.text(place);
          all.number(entries.size());
          entries.stream()
              .map(entry -> new Sha256().bytes(entry).hex())
              .sorted(Comparator.naturalOrder())
              .forEach(all::text);
        });
    return all.hex();
  }

  /** The directory of a file with the uids taken out of its name: {@code stages/0_lr/data}. */
  private static String place(String path, SortedSet<String> uids) {
    List<String> segments = new ArrayList<>(List.of(path.split("/")));
    segments.remove(segments.size() - 1);
    segments.replaceAll(segment -> withoutUid(segment, uids));
    return String.join("/", segments);
  }

  private static String withoutUid(String segment, SortedSet<String> uids) {
    int end = segment.indexOf('_');
    return end >= 0 && uids.contains(segment.substring(end + 1))
        ? segment.substring(0, end)
        : segment;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
