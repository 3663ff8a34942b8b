package io.mlpipeline.port;

import java.util.List;
import java.util.Optional;

/**
 * Small objects under a root, and the one primitive under everything: put if absent.
 *
 * <p>Keys are relative, separated by {@code /}, of the letters {@code [A-Za-z0-9._=-]}; {@code ..}
 * is refused. Every method throws {@link io.mlpipeline.model.EngineException} typed by what
 * happened (access denied, disk full, unavailable).
 */
public interface ObjectStore {

  /**
   * Makes the object, whole and durable, if the key is free. Of any number of callers in any number
   * of processes exactly one is told true, and a caller whose answer got lost finds out.
   */
  boolean putIfAbsent(String key, byte[] content);

  /** Replaces the object: readers see the old or the new one, never a mixture. */
  void replace(String key, byte[] content);

  /** The object, or empty if the key is free. */
  Optional<byte[]> find(String key);

  /** The keys of all objects below a prefix that ends in {@code /}, sorted. */
  List<String> list(String prefix);

  /** Removes the object; nothing happens if the key is free. */
  void delete(String key);
}
