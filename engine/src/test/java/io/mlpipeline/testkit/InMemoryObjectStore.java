package io.mlpipeline.testkit;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Objects in memory; passes the same contract as the real stores. Safe for any thread. */
public final class InMemoryObjectStore implements ObjectStore {

  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    return objects.putIfAbsent(check(key), content.clone()) == null;
  }

  @Override
  public void replace(String key, byte[] content) {
    objects.put(check(key), content.clone());
  }

  @Override
  public Optional<byte[]> find(String key) {
    return Optional.ofNullable(objects.get(check(key))).map(byte[]::clone);
  }

  @Override
  public List<String> list(String prefix) {
    if (!prefix.isEmpty()) {
      if (!prefix.endsWith("/")) {
        throw refused(prefix);
      }
      check(prefix.substring(0, prefix.length() - 1));
    }
    return objects.keySet().stream().filter(key -> key.startsWith(prefix)).sorted().toList();
  }

  @Override
  public void delete(String key) {
    objects.remove(check(key));
  }

  private static String check(String key) {
    for (String part : key.split("/", -1)) {
      if (!part.matches("[A-Za-z0-9._=-]{1,255}") || part.equals(".") || part.equals("..")) {
        throw refused(key);
      }
    }
    return key;
  }

  private static EngineException refused(String key) {
    return new EngineException(ErrorType.CONFIG_INVALID, "no key: " + key);
  }
}
