package io.mlpipeline.code;

import io.mlpipeline.model.Canonical;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A hash over path, size and modification time of everything that a scan would read. */
final class Stamp {

  private Stamp() {}

  static String of(List<Path> projectEntries, List<Path> thirdPartyJars) {
    Canonical sink = new Canonical();
    sink.text("project").count(projectEntries.size());
    projectEntries.forEach(entry -> entry(entry, sink));
    sink.text("third party").count(thirdPartyJars.size());
    thirdPartyJars.forEach(entry -> entry(entry, sink));
    return sink.hex();
  }

  private static void entry(Path entry, Canonical sink) {
    sink.text(entry.toAbsolutePath().normalize().toString());
    try {
      if (Files.isDirectory(entry)) {
        List<Path> files = ClassPathFiles.files(entry);
        sink.count(files.size());
        for (Path file : files) {
          sink.text(entry.relativize(file).toString());
          file(file, sink);
        }
      } else {
        file(entry, sink);
      }
    } catch (IOException | UncheckedIOException e) {
      throw ClassPathFiles.unreadable(entry, e);
    }
  }

  private static void file(Path file, Canonical sink) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    sink.text(attributes.size() + "@" + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    sink.text(String.valueOf(attributes.fileKey()));
  }
}
