package io.mlpipeline.testkit;

import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.port.ModelStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Manifests in memory; their files are always there. */
public final class FakeModels implements ModelStore {

  private final Map<String, ModelManifest> manifests = new ConcurrentHashMap<>();

  @Override
  public ModelManifest publish(ModelManifest manifest) {
    ModelManifest earlier = manifests.putIfAbsent(manifest.digest(), manifest);
    return earlier == null ? manifest : earlier;
  }

  @Override
  public Optional<ModelManifest> find(String pipeline, String name, String digest) {
    return Optional.ofNullable(manifests.get(digest));
  }

  @Override
  public List<ModelFile> missing(ModelManifest manifest) {
    return List.of();
  }

  @Override
  public List<ModelFile> altered(ModelManifest manifest) {
    return List.of();
  }

  @Override
  public boolean isReadable(String pipeline, OutputVersion model) {
    return manifests.containsKey(model.digest());
  }
}
