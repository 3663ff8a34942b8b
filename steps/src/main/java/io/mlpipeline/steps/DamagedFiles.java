package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.PinnedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Says which compressed file cannot be unpacked: Spark throws what the codec says, and no name. */
final class DamagedFiles {

  private DamagedFiles() {}

  /** The first that cannot be read to its end. Reads all of them, so only ask after a failure. */
  static Optional<EngineException> find(
      List<PinnedFile> files, Configuration hadoop, Throwable failure) {
    if (!isOfFiles(failure)) {
      return Optional.empty();
    }
    CompressionCodecFactory codecs = new CompressionCodecFactory(hadoop);
    for (PinnedFile file : files) {
      Path path = new Path(file.path());
      CompressionCodec codec = codecs.getCodec(path);
      if (codec != null) {
        try (InputStream bytes = path.getFileSystem(hadoop).open(path);
            InputStream plain = codec.createInputStream(bytes)) {
          plain.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
          return Optional.of(damaged(file, e));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isOfFiles(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  private static EngineException damaged(PinnedFile file, IOException e) {
    return new EngineException(
        ErrorType.INPUT_MISSING,
        "file %s is damaged or cut off and cannot be unpacked (%s): deliver it again"
            .formatted(file.name(), e.getMessage()),
        e);
  }
}
