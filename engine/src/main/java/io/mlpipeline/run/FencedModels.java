package io.mlpipeline.run;

import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.port.Fence;
import io.mlpipeline.port.ModelStore;
import java.util.List;
import java.util.Optional;

/** Models that only who holds the lease may publish. */
record FencedModels(ModelStore models, Fence fence) implements ModelStore {

  @Override
  public ModelManifest publish(ModelManifest manifest) {
    fence.check();
    return models.publish(manifest);
  }

  @Override
  public Optional<ModelManifest> find(String pipeline, String name, String digest) {
    return models.find(pipeline, name, digest);
  }

  @Override
  public boolean isReadable(String pipeline, OutputVersion model) {
    return models.isReadable(pipeline, model);
  }

  @Override
  public List<ModelFile> missing(ModelManifest manifest) {
    return models.missing(manifest);
  }

  @Override
  public List<ModelFile> altered(ModelManifest manifest) {
    return models.altered(manifest);
  }
}
