package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.PinnedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * Puts files that bring their own schema into groups of one schema each: columns that come, go or
 * change their type from file to file are then a matter of the contract, and not of Spark's
 * merging.
 */
final class OwnSchemas {

  private OwnSchemas() {}

  /** Files by schema, in the order of the files; {@code schema} is asked in parallel. */
  static List<List<PinnedFile>> group(List<PinnedFile> files, Function<PinnedFile, String> schema) {
    List<String> schemas = files.parallelStream().map(schema).toList();
    Map<String, List<PinnedFile>> groups = new LinkedHashMap<>();
    for (int i = 0; i < files.size(); i++) {
      groups.computeIfAbsent(schemas.get(i), s -> new ArrayList<>()).add(files.get(i));
    }
    return List.copyOf(groups.values());
  }

  /** The schema in the footer of a Parquet file. */
  static String ofParquet(PinnedFile file, Configuration hadoop) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(new Path(file.path()), hadoop))) {
      return reader.getFileMetaData().getSchema().toString();
    } catch (IOException | RuntimeException e) {
      throw new EngineException(
          ErrorType.CONTRACT_BROKEN,
          "file " + file.name() + " cannot be read as Parquet: " + e.getMessage(),
          e);
    }
  }
}
