package io.mlpipeline.delta;

import io.mlpipeline.json.FormException;
import io.mlpipeline.port.ObjectStore;
import java.util.Optional;

/** Reads stored objects whose damage means the same as their absence. */
final class StoredForms {

  private StoredForms() {}

  /** Makes a value of an object's bytes. */
  interface Codec<T> {
    T read(byte[] document) throws FormException;
  }

  /** The value at a key; empty if the key is free, or with a warning if it cannot be read. */
  static <T> Optional<T> find(ObjectStore objects, String key, Codec<T> codec) {
    Optional<byte[]> document = objects.find(key);
    if (document.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(codec.read(document.get()));
    } catch (FormException e) {
      warn(key, e);
      return Optional.empty();
    }
  }

  static void warn(String key, FormException e) {
    switch (e.kind()) {
      case NEWER -> Warnings.LOG.warn("{} was written by a newer engine and is not used", key);
      case DAMAGED -> Warnings.LOG.warn("{} is damaged and is not used: {}", key, e.getMessage());
    }
  }
}
