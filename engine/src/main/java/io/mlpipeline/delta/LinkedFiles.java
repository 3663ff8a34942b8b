package io.mlpipeline.delta;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whole and exclusive writes of local files: a temporary file beside the target, synced, then one
 * atomic call. {@code link} refuses a name that is taken, {@code rename} does not; so links decide.
 */
final class LinkedFiles {

  /** Writes the bytes of a file. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static final long PROCESS = ProcessHandle.current().pid();
  private static final AtomicLong COUNT = new AtomicLong();

  private LinkedFiles() {}

  /** Makes the file if its name is free; of any number of processes one is told true. */
  static boolean create(Path target, Content content) throws IOException {
    Path temporary = write(target, content);
    try {
      return link(temporary, target);
    } finally {
      discard(temporary);
    }
  }

  /** Makes or replaces the file; readers see the old bytes or the new ones. */
  static void replace(Path target, Content content) throws IOException {
    Path temporary = write(target, content);
    try {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      discard(temporary);
    }
    syncDirectory(target);
  }

  private static boolean link(Path temporary, Path target) throws IOException {
    try {
      Files.createLink(target, temporary);
    } catch (FileAlreadyExistsException e) {
      // A server may repeat a request whose answer got lost: then the name is taken by ourselves.
      return isSame(temporary, target);
    } catch (UnsupportedOperationException e) {
      throw new NoHardLinksException(target.getParent(), e);
    } catch (FileSystemException e) {
      if (saysNoLinks(e)) {
        throw new NoHardLinksException(target.getParent(), e);
      }
      if (!isSame(temporary, target)) {
        throw e;
      }
    }
    syncDirectory(target);
    return true;
  }

  private static boolean saysNoLinks(FileSystemException e) {
    String reason = String.valueOf(e.getReason()).toLowerCase(Locale.ROOT);
    return reason.contains("not supported")
        || reason.contains("not permitted")
        || reason.contains("not implemented");
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false;
    }
  }

  /** Not through a channel: an interrupt would close it in the middle of a commit. */
  private static Path write(Path target, Content content) throws IOException {
    Path temporary = newTemporary(target);
    try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
      content.writeTo(out);
      out.flush();
      out.getFD().sync();
    } catch (IOException | RuntimeException e) {
      discard(temporary);
      throw e;
    }
    return temporary;
  }

  /** Hidden, and no key of an object store: {@code ~} never is part of one. */
  private static Path newTemporary(Path target) throws IOException {
    while (true) {
      String name =
          "." + target.getFileName() + ".~" + PROCESS + "-" + COUNT.incrementAndGet() + ".tmp";
      try {
        return Files.createFile(target.resolveSibling(name));
      } catch (FileAlreadyExistsException ignored) {
        // Left by a process of the same number that was killed: take the next name.
      }
    }
  }

  private static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException ignored) {
      // Nobody reads it, and `gc` removes it.
    }
  }

  /** The name itself must survive a loss of power too; systems that cannot do this skip it. */
  private static void syncDirectory(Path target) {
    Path directory = target.getParent();
    if (directory == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException ignored) {
      // The content is synced; only the moment at which the name is durable is unknown.
    }
  }
}
