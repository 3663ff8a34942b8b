package io.mlpipeline.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Jars that count as a whole; nothing of them is read until a class is found nowhere else. */
final class ThirdPartyJars {

  private final List<Path> jars;
  private final Map<String, Path> owners = new HashMap<>();
  private final Map<String, Set<String>> references = new HashMap<>();
  private final Map<Path, String> digests = new HashMap<>();
  private boolean indexed;

  ThirdPartyJars(List<Path> jars) {
    this.jars = List.copyOf(jars);
  }

  /** The jar of a class; null if none has it. */
  @Nullable Path owner(String name) {
    if (!indexed) {
      jars.forEach(this::index);
      indexed = true;
    }
    return owners.get(name);
  }

  private void index(Path jar) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        String path = entries.nextElement().getName();
        if (ClassPathFiles.isClass(path)) {
          owners.putIfAbsent(ClassPathFiles.className(path), jar);
        }
      }
    } catch (IOException e) {
      throw ClassPathFiles.unreadable(jar, e);
    }
  }

  /** The classes that a class of such a jar names. */
  Set<String> references(String name) {
    Set<String> known = references.get(name);
    Path jar = owner(name);
    if (known != null || jar == null) {
      return known == null ? Set.of() : known;
    }
    readAll(jar);
    return references.getOrDefault(name, Set.of());
  }

  /** A jar of which one class is reached is read as a whole: opening it each time costs more. */
  private void readAll(Path jar) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (Map.Entry<String, Path> owned : owners.entrySet()) {
        ZipEntry entry = zip.getEntry(owned.getKey() + ".class");
        if (owned.getValue().equals(jar) && entry != null) {
          references.put(owned.getKey(), read(zip, entry));
        }
      }
    } catch (IOException e) {
      throw ClassPathFiles.unreadable(jar, e);
    }
  }

  private static Set<String> read(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] content = in.readAllBytes();
      String name = entry.getName();
      return new HashSet<>(
          ProjectClasses.digest(name, ProjectClasses.parse(name, content)).references());
    }
  }

  /** SHA-256 by {@code jar:<file name>}; a second jar of a name is told apart by its position. */
  SortedMap<String, String> digests(Set<Path> reached) {
    SortedMap<String, String> parts = new TreeMap<>();
    for (Path jar : new ArrayList<>(jars)) {
      if (reached.contains(jar)) {
        String name = "jar:" + jar.getFileName();
        for (int n = 2; parts.containsKey(name); n++) {
          name = "jar:" + jar.getFileName() + "#" + n;
        }
        parts.put(name, digests.computeIfAbsent(jar, ClassPathFiles::sha256));
      }
    }
    return parts;
  }
}
