package io.mlpipeline.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a commit to a Delta table lost against another one: Delta's own list, as delta-spark and
 * Kernel throw it.
 */
public enum DeltaConflict {
  CONCURRENT_APPEND("somebody else added files to what was read"),
  CONCURRENT_DELETE_READ("somebody else removed files that were read"),
  CONCURRENT_DELETE_DELETE("somebody else removed the same files"),
  METADATA_CHANGED("somebody else changed the table's schema or properties"),
  PROTOCOL_CHANGED("somebody else made the table, or raised its protocol, at the same time"),
  CONCURRENT_TRANSACTION("the same transaction has been committed before"),
  CONCURRENT_WRITE("somebody else wrote the same version first");

  private final String meaning;

  DeltaConflict(String meaning) {
    this.meaning = meaning;
  }

  /** The conflict that a throwable is, by its class; empty if it is none. */
  public static Optional<DeltaConflict> of(Throwable one) {
    for (DeltaConflict conflict : values()) {
      if (conflict.classNames().contains(one.getClass().getName())) {
        return Optional.of(conflict);
      }
    }
    return Optional.empty();
  }

  /** What happened, as a part of a sentence. */
  public String meaning() {
    return meaning;
  }

  /** The name in records, such as {@code concurrent-append}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The classes, in both of Delta's packages and in Kernel's. */
  List<String> classNames() {
    StringBuilder name = new StringBuilder();
    for (String word : name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    List<String> names = new ArrayList<>();
    for (String home :
        List.of(
            "io.delta.exceptions.", "org.apache.spark.sql.delta.", "io.delta.kernel.exceptions.")) {
      names.add(home + name + "Exception");
    }
    return names;
  }
}
