package io.mlpipeline.code;

import io.mlpipeline.model.Canonical;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Reads class path entries. */
final class ClassPathFiles {

  /** How the files end that say which keys a param may hold. */
  static final String TABLE = ".params";

  private static final String CLASS = ".class";

  private ClassPathFiles() {}

  /** Internal name and bytes of every class in a jar or directory; the platform's are left out. */
  static void eachClass(Path entry, BiConsumer<String, byte[]> consumer) {
    try {
      if (Files.isDirectory(entry)) {
        for (Path file : files(entry)) {
          String path = relative(entry, file);
          if (isClass(path) && !Owners.isPlatform(className(path))) {
            consumer.accept(className(path), Files.readAllBytes(file));
          }
        }
      } else {
        eachClassOfJar(entry, consumer);
      }
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(entry, e);
    }
  }

  /** What a scan may read under a directory, classes and tables of params, sorted. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(p -> isRead(relative(directory, p)) && Files.isRegularFile(p))
          .sorted()
          .toList();
    }
  }

  private static void eachClassOfJar(Path jar, BiConsumer<String, byte[]> consumer)
      throws IOException {
    boolean any = false;
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(jar))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        any = true;
        if (isClass(e.getName()) && !Owners.isPlatform(className(e.getName()))) {
          consumer.accept(className(e.getName()), zip.readAllBytes());
        }
      }
    }
    if (!any) {
      throw new IOException("it is no jar, or it is empty");
    }
  }

  /** The bytes of one file; null if the jar or directory does not hold it. */
  static byte @Nullable [] find(Path entry, String path) {
    try {
      if (Files.isDirectory(entry)) {
        Path file = entry.resolve(path);
        return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
      }
      try (ZipFile jar = new ZipFile(entry.toFile())) {
        ZipEntry found = jar.getEntry(path);
        return found == null ? null : jar.getInputStream(found).readAllBytes();
      }
    } catch (IOException e) {
      throw unreadable(entry, e);
    }
  }

  private static boolean isRead(String path) {
    return isClass(path) || path.endsWith(TABLE);
  }

  static boolean isClass(String path) {
    return path.endsWith(CLASS)
        && !path.startsWith("META-INF/")
        && !path.endsWith("module-info.class")
        && !path.endsWith("package-info.class");
  }

  static String className(String path) {
    return path.substring(0, path.length() - CLASS.length());
  }

  private static String relative(Path directory, Path file) {
    return directory.relativize(file).toString().replace('\\', '/');
  }

  static String sha256(Path file) {
    MessageDigest sha = Canonical.sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  static EngineException unreadable(Path entry, Exception cause) {
    String what = Files.exists(entry) ? "cannot be read: " + cause.getMessage() : "does not exist";
    return new EngineException(
        ErrorType.STEP_CLASS_INVALID, entry + ", which should hold classes, " + what, cause);
  }
}
