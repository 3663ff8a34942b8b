package io.mlpipeline.delta;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says what kind of failure an I/O error is, without loading a class of Hadoop. */
final class StorageFailures {

  private StorageFailures() {}

  /**
   * The error as the engine's own.
   *
   * @param what what was being done, to which thing, such as {@code cannot write x}
   */
  static EngineException of(String what, Throwable error) {
    if (error instanceof EngineException known) {
      return known;
    }
    return new EngineException(typeOf(error), what + ": " + reason(error), error);
  }

  /** The type of the first cause that tells; an unknown one means that the store is unavailable. */
  static ErrorType typeOf(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      ErrorType type = e instanceof EngineException known ? known.type() : ownType(e);
      if (type != null) {
        return type;
      }
    }
    return ErrorType.STORAGE_UNAVAILABLE;
  }

  private static @Nullable ErrorType ownType(Throwable e) {
    if (e instanceof NoHardLinksException) {
      return ErrorType.ENVIRONMENT_INVALID;
    }
    if (e instanceof ClosedByInterruptException || e instanceof InterruptedException) {
      return ErrorType.CANCELLED;
    }
    if (e instanceof NoSuchFileException) {
      return ErrorType.ENVIRONMENT_INVALID; // its directory cannot even be made
    }
    if (e instanceof AccessDeniedException
        || e.getClass().getSimpleName().startsWith("AccessControl")) {
      return ErrorType.ACCESS_DENIED;
    }
    return byText(text(e));
  }

  private static @Nullable ErrorType byText(String text) {
    if (containsAny(text, "no space left", "quota", "file too large", "not enough space")) {
      return ErrorType.DISK_FULL;
    }
    if (containsAny(text, "permission denied", "read-only file system", "accessdenied")) {
      return ErrorType.ACCESS_DENIED;
    }
    if (containsAny(text, "not a directory", "no filesystem for scheme")) {
      return ErrorType.ENVIRONMENT_INVALID;
    }
    return null;
  }

  private static boolean containsAny(String text, String... words) {
    for (String word : words) {
      if (text.contains(word)) {
        return true;
      }
    }
    return false;
  }

  private static String text(Throwable e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
  }

  /** The innermost message: the outer ones only say who passed it on. */
  static String reason(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    if (root instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason() + " (" + file.getFile() + ")";
    }
    String name = root.getClass().getSimpleName();
    return root.getMessage() == null ? name : name + ": " + root.getMessage();
  }
}
