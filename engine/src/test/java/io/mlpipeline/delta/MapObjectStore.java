package io.mlpipeline.delta;

import io.mlpipeline.port.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Objects in memory; any number of threads. */
class MapObjectStore implements ObjectStore {

  final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    return objects.putIfAbsent(key, content.clone()) == null;
  }

  @Override
  public void replace(String key, byte[] content) {
    objects.put(key, content.clone());
  }

  @Override
  public Optional<byte[]> find(String key) {
    return Optional.ofNullable(objects.get(key)).map(byte[]::clone);
  }

  @Override
  public List<String> list(String prefix) {
    return objects.tailMap(prefix).keySet().stream().takeWhile(k -> k.startsWith(prefix)).toList();
  }

  @Override
  public void delete(String key) {
    objects.remove(key);
  }
}
