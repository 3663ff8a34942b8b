package io.mlpipeline.delta;

import io.mlpipeline.json.FormException;
import io.mlpipeline.json.HousekeepingJson;
import io.mlpipeline.json.ModelManifestJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Manifests as objects: {@code models/<pipeline>/<name>/<hex of the digest>.json}, put if absent.
 *
 * <p>The earlier of two manifests of one digest stays, except where it leads nowhere: it is
 * damaged, its files are gone or altered, or housekeeping has marked them to be removed. Then the
 * newer one takes its place, or else no re-run could ever make the model whole.
 */
public final class StoredModels implements ModelStore {

  private static final Pattern DIGEST = Pattern.compile("m1:([0-9a-f]{64})");

  private final ObjectStore objects;
  private final FilesPresent files;

  /** Over the objects below {@code <warehouse>/_ml/}. */
  public StoredModels(ObjectStore objects, FilesPresent files) {
    this.objects = objects;
    this.files = files;
  }

  @Override
  public ModelManifest publish(ModelManifest manifest) {
    String key =
        findKey(manifest.pipeline(), manifest.name(), manifest.digest())
            .orElseThrow(() -> noDigest(manifest));
    byte[] document = ModelManifestJson.write(manifest);
    if (objects.putIfAbsent(key, document)) {
      return manifest;
    }
    Optional<ModelManifest> earlier = findUsable(key).filter(found -> !isMarked(key, found));
    if (earlier.isPresent()) {
      return earlier.get();
    }
    objects.replace(key, document);
    return manifest;
  }

  /** Whether its files will be removed; looked at last, so that a later mark cannot mean it. */
  private boolean isMarked(String key, ModelManifest earlier) {
    String mark = StoredHousekeeping.MARKS + key.substring("models/".length());
    return StoredForms.find(objects, mark, HousekeepingJson::readMark)
        .filter(found -> found.uri().equals(earlier.uri()))
        .isPresent();
  }

  private Optional<ModelManifest> findUsable(String key) {
    Optional<byte[]> document = objects.find(key);
    try {
      return document.isEmpty()
          ? Optional.empty()
          : Optional.of(ModelManifestJson.read(document.get()))
              .filter(manifest -> files.same(manifest.uri(), manifest.files()));
    } catch (FormException e) {
      if (e.kind() == FormException.Kind.NEWER) {
        throw new EngineException(
            ErrorType.ENVIRONMENT_INVALID,
            "The manifest " + key + " was written by a newer engine: run with that one.",
            e);
      }
      StoredForms.warn(key, e);
      return Optional.empty();
    }
  }

  private boolean isWhole(ModelManifest manifest) {
    return files.present(manifest.uri(), manifest.files());
  }

  @Override
  public Optional<ModelManifest> find(String pipeline, String name, String digest) {
    return findKey(pipeline, name, digest)
        .flatMap(key -> StoredForms.find(objects, key, ModelManifestJson::read))
        .filter(m -> m.digest().equals(digest) && m.name().equals(name));
  }

  @Override
  public boolean isReadable(String pipeline, OutputVersion model) {
    return find(pipeline, model.name(), model.digest())
        .filter(manifest -> manifest.uri().equals(model.uri()))
        .filter(this::isWhole)
        .isPresent();
  }

  @Override
  public List<ModelFile> missing(ModelManifest manifest) {
    return manifest.files().stream()
        .filter(file -> !files.present(manifest.uri(), List.of(file)))
        .toList();
  }

  @Override
  public List<ModelFile> altered(ModelManifest manifest) {
    return manifest.files().stream()
        .filter(file -> !files.same(manifest.uri(), List.of(file)))
        .toList();
  }

  private static Optional<String> findKey(String pipeline, String name, String digest) {
    Matcher m = DIGEST.matcher(digest);
    return m.matches()
        ? Optional.of("models/" + pipeline + "/" + name + "/" + m.group(1) + ".json")
        : Optional.empty();
  }

  private static EngineException noDigest(ModelManifest manifest) {
    return new EngineException(
        ErrorType.INTERNAL_ERROR,
        "The model " + manifest.name() + " has no digest but '" + manifest.digest() + "'.");
  }
}
