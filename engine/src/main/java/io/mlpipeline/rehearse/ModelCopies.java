package io.mlpipeline.rehearse;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;

/** Brings models from one warehouse to another, under the same digest. Never changes the first. */
final class ModelCopies {

  private final Warehouse from;
  private final Warehouse to;

  ModelCopies(Warehouse from, Warehouse to) {
    this.from = from;
    this.to = to;
  }

  /** Makes the model exist at the other place; nothing happens if it does. */
  void bring(String pipeline, String name, String digest) {
    Optional<ModelManifest> there = to.models().find(pipeline, name, digest);
    if (there.filter(manifest -> to.models().missing(manifest).isEmpty()).isPresent()) {
      return;
    }
    ModelManifest manifest =
        from.models()
            .find(pipeline, name, digest)
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorType.INPUT_GONE,
                        "model "
                            + pipeline
                            + "/"
                            + name
                            + " ("
                            + digest
                            + ") is not in "
                            + from.uri()
                            + " any more"));
    for (ModelFile file : manifest.files()) {
      copy(manifest.uri() + "/" + file.path());
    }
    to.models().publish(manifest);
  }

  private void copy(String relative) {
    Configuration conf = to.hadoop().get();
    Path source = new Path(from.uri() + "/" + relative);
    Path target = new Path(to.uri() + "/" + relative);
    try {
      FileSystem reads = source.getFileSystem(conf);
      FileSystem writes = target.getFileSystem(conf);
      writes.mkdirs(target.getParent());
      FileUtil.copy(reads, source, writes, target, false, true, conf);
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.STORAGE_UNAVAILABLE, "copying " + source + " to " + target + ": " + e, e);
    }
  }
}
