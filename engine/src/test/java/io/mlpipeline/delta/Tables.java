package io.mlpipeline.delta;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.TableLog.CommitInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** Staged tables whose files nobody opens: for what the log alone must do. */
final class Tables {

  static final String SCHEMA =
      schema("{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}");

  private Tables() {}

  static String schema(String... fields) {
    return "{\"type\":\"struct\",\"fields\":[" + String.join(",", fields) + "]}";
  }

  static String field(String name, String type) {
    return "{\"name\":\""
        + name
        + "\",\"type\":\""
        + type
        + "\",\"nullable\":true,\"metadata\":{}}";
  }

  static KernelTableLog log(Path warehouse) {
    return new KernelTableLog(warehouse.toString(), () -> new Configuration(false));
  }

  static CommitInfo by(String attempt) {
    return new CommitInfo("run-1", "features", attempt, "content-of-" + attempt);
  }

  /** A file of some bytes below the table, as a staged one. */
  static DataFile file(Path table, String path, SortedMap<String, String> partition, long rows) {
    Path file = table.resolve(path);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "not really Parquet", StandardCharsets.UTF_8);
      return new DataFile(
          path,
          partition,
          Files.size(file),
          Files.getLastModifiedTime(file).toMillis(),
          rows,
          "{\"numRecords\":" + rows + "}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static DataFile file(Path table, String path) {
    return file(table, path, new TreeMap<>(), 3);
  }

  static StagedTable staged(String uri, DataFile... files) {
    return staged(uri, SCHEMA, List.of(), files);
  }

  static StagedTable staged(
      String uri, String schemaJson, List<String> partitionBy, DataFile... files) {
    return new StagedTable(
        "rows", "features", uri, "attempt", schemaJson, partitionBy, List.of(files));
  }
}
