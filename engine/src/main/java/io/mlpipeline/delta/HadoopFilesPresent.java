package io.mlpipeline.delta;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** {@link FilesPresent} for a warehouse on any file system that Hadoop knows. */
public final class HadoopFilesPresent implements FilesPresent {

  private final String warehouse;
  private final Supplier<Configuration> hadoop;

  /** The warehouse's URI, absolute; the configuration is asked for at first use. */
  public HadoopFilesPresent(String warehouse, Supplier<Configuration> hadoop) {
    this.warehouse = warehouse;
    this.hadoop = hadoop;
  }

  @Override
  public boolean present(String uri, List<ModelFile> files) {
    Path directory = new Path(warehouse, uri);
    try {
      FileSystem system = directory.getFileSystem(hadoop.get());
      for (ModelFile file : files) {
        FileStatus found = system.getFileStatus(new Path(directory, file.path()));
        if (!found.isFile() || found.getLen() != file.size()) {
          return false;
        }
      }
      return true;
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.STORAGE_UNAVAILABLE,
          "The files of the model under " + directory + " cannot be looked at: " + e.getMessage(),
          e);
    }
  }

  @Override
  public InputStream open(String uri, ModelFile file) throws IOException {
    Path path = new Path(new Path(warehouse, uri), file.path());
    return path.getFileSystem(hadoop.get()).open(path);
  }
}
