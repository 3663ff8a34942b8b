package io.mlpipeline.port;

import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputVersion;
import java.util.List;
import java.util.Optional;

/** The manifests of models. A model exists once its manifest does. */
public interface ModelStore {

  /** Makes the model exist; if it does already under this digest, the earlier one stays. */
  ModelManifest publish(ModelManifest manifest);

  /** The manifest of a digest; empty if there is none. */
  Optional<ModelManifest> find(String pipeline, String name, String digest);

  /** Whether the manifest and every file that it names are there with their sizes. */
  boolean isReadable(String pipeline, OutputVersion model);

  /** Those of a model's files that are not there with their size. */
  List<ModelFile> missing(ModelManifest manifest);

  /** Those of a model's files that are not there byte by byte. Reads all of them. */
  List<ModelFile> altered(ModelManifest manifest);
}
