package io.mlpipeline.delta;

import io.mlpipeline.json.FormException;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import org.jspecify.annotations.Nullable;

/** What is said of a registry that somebody else altered: model, event, file, remedy. */
final class RegistryDamage {

  static final String RESTORE = "restore it from a backup";

  private RegistryDamage() {}

  static EngineException of(String model, long number, String key, String what, String remedy) {
    return damaged(model, "event " + number, key, what, remedy, null);
  }

  static EngineException missing(String model, long number, String key) {
    return of(model, number, key, "is missing", RESTORE);
  }

  /** An event names another seal than that of the event before it. */
  static EngineException altered(String model, long number) {
    long before = number - 1;
    String what =
        before == 0
            ? "is the first one and names one before it"
            : "does not follow event "
                + before
                + " (_ml/"
                + RegistryKeys.event(model, before)
                + "): one of the two is not what was written";
    return of(model, number, RegistryKeys.event(model, number), what, RESTORE);
  }

  static EngineException cannotFollow(String model, long number, EngineException why) {
    return damaged(
        model,
        "event " + number,
        RegistryKeys.event(model, number),
        "cannot be (" + why.getMessage() + ")",
        "restore it and the one before from a backup",
        why);
  }

  static EngineException card(String model, String key, String what) {
    return damaged(model, "a card", key, what, RESTORE, null);
  }

  static EngineException unreadable(String model, String part, String key, FormException e) {
    if (e.kind() == FormException.Kind.NEWER) {
      return new EngineException(
          ErrorType.ENVIRONMENT_INVALID,
          "The registry of model "
              + model
              + " cannot be read: "
              + part
              + " (_ml/"
              + key
              + ") was written by a newer engine. Nothing is lost; use that one.",
          e);
    }
    return damaged(model, part, key, "is not what was written: " + e.getMessage(), RESTORE, e);
  }

  private static EngineException damaged(
      String model,
      String part,
      String key,
      String what,
      String remedy,
      @Nullable Throwable cause) {
    return new EngineException(
        ErrorType.STORAGE_CORRUPT,
        "The registry of model "
            + model
            + " was altered by somebody else: "
            + part
            + " (_ml/"
            + key
            + ") "
            + what
            + ". To go on, "
            + remedy
            + ".",
        cause);
  }
}
