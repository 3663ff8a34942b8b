package io.mlpipeline.code;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;

/** The classes of the project: read once, parsed when asked for. The first of a name counts. */
final class ProjectClasses {

  private final List<Path> entries;
  private final NavigableMap<String, byte[]> bytes = new TreeMap<>();
  private final Map<String, List<String>> subtypes = new HashMap<>();
  private final Map<String, ClassFacts> facts = new HashMap<>();

  ProjectClasses(List<Path> entries) {
    this.entries = List.copyOf(entries);
    entries.forEach(entry -> ClassPathFiles.eachClass(entry, bytes::putIfAbsent));
    bytes.keySet().forEach(this::noteSupertypes);
  }

  private void noteSupertypes(String name) {
    List<String> supertypes = new ArrayList<>();
    try {
      ClassReader reader = reader(name);
      supertypes.addAll(List.of(reader.getInterfaces()));
      if (reader.getSuperName() != null) {
        supertypes.add(reader.getSuperName());
      }
    } catch (RuntimeException ignored) {
      return; // damaged, which matters only if a step reaches it; then it is said
    }
    supertypes.forEach(one -> subtypes.computeIfAbsent(one, k -> new ArrayList<>()).add(name));
  }

  Set<String> names() {
    return bytes.keySet();
  }

  boolean has(String name) {
    return bytes.containsKey(name);
  }

  byte @Nullable [] bytes(String name) {
    return bytes.get(name);
  }

  /** The text of a file that lies among the classes; null if there is none. */
  @Nullable String text(String path) {
    for (Path entry : entries) {
      byte[] found = ClassPathFiles.find(entry, path);
      if (found != null) {
        return new String(found, StandardCharsets.UTF_8);
      }
    }
    return null;
  }

  /** Classes that extend or implement this one directly. */
  List<String> subtypes(String name) {
    return subtypes.getOrDefault(name, List.of());
  }

  ClassReader reader(String name) {
    byte[] content = bytes.get(name);
    if (content == null) {
      throw new IllegalArgumentException("no class of the project: " + name);
    }
    return parse(name, content);
  }

  static ClassReader parse(String name, byte[] content) {
    try {
      return new ClassReader(content);
    } catch (RuntimeException e) {
      throw damaged(name, e);
    }
  }

  ClassFacts facts(String name) {
    return facts.computeIfAbsent(name, n -> digest(n, reader(n)));
  }

  static ClassFacts digest(String name, ClassReader reader) {
    try {
      return ClassDigester.read(reader);
    } catch (RuntimeException e) {
      throw damaged(name, e);
    }
  }

  static EngineException damaged(String name, RuntimeException cause) {
    return new EngineException(
        ErrorType.STEP_CLASS_INVALID,
        "class "
            + name.replace('/', '.')
            + " is damaged, or was compiled for a Java that is too new; compile it for Java 17",
        cause);
  }
}
