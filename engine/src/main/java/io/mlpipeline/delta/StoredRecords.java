package io.mlpipeline.delta;

import io.mlpipeline.json.FormException;
import io.mlpipeline.json.ModelCardJson;
import io.mlpipeline.json.ModelManifestJson;
import io.mlpipeline.json.ReuseEntryJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.port.ObjectStore;
import io.mlpipeline.port.RecordedFiles;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What reuse entries, manifests and the cards of registered versions name. */
public final class StoredRecords implements RecordedFiles {

  private static final Pattern MANIFEST = Pattern.compile("models/[^/]+/[^/]+/[0-9a-f]{64}\\.json");
  private static final Pattern CARD = Pattern.compile("registry/[^/]+/cards/[0-9a-f]{64}\\.json");

  private final ObjectStore objects;

  /** Over the objects below {@code <warehouse>/_ml/}. */
  public StoredRecords(ObjectStore objects) {
    this.objects = objects;
  }

  @Override
  public Names load() {
    Set<String> files = new HashSet<>();
    Set<String> directories = new HashSet<>();
    for (String key : objects.list("reuse/")) {
      read(key, ReuseEntryJson::read).ifPresent(entry -> kept(entry, files, directories));
    }
    for (String key : objects.list("models/")) {
      if (MANIFEST.matcher(key).matches()) {
        read(key, ModelManifestJson::read).ifPresent(m -> directories.add(m.uri()));
      }
    }
    for (String key : objects.list(RegistryKeys.ROOT)) {
      if (CARD.matcher(key).matches()) {
        read(key, ModelCardJson::read).ifPresent(card -> directories.add(card.value().uri()));
      }
    }
    return new Names(files, directories);
  }

  private static void kept(ReuseEntry entry, Set<String> files, Set<String> directories) {
    entry
        .rejected()
        .forEach(
            table -> table.files().forEach(file -> files.add(table.uri() + "/" + file.path())));
    entry.rejectedModels().forEach(model -> directories.add(model.uri()));
  }

  private <T> Optional<T> read(String key, StoredForms.Codec<T> codec) {
    Optional<byte[]> document = objects.find(key);
    if (document.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(codec.read(document.get()));
    } catch (FormException e) {
      boolean isNewer = e.kind() == FormException.Kind.NEWER;
      throw new EngineException(
          isNewer ? ErrorType.ENVIRONMENT_INVALID : ErrorType.STORAGE_CORRUPT,
          "nothing was removed: _ml/"
              + key
              + (isNewer
                  ? " was written by a newer engine; run gc with that one"
                  : " is damaged, and nobody knows what it keeps; restore it, or delete it if its"
                      + " step may run again"),
          e);
    }
  }
}
