package io.mlpipeline.spark.gate;

import org.jspecify.annotations.Nullable;

/** Why a rule is refused, and what to write instead. */
record Fault(String message, @Nullable String suggestion) {

  static Fault of(String message, @Nullable String suggestion) {
    return new Fault(message, suggestion);
  }

  @Override
  public String toString() {
    return message + (suggestion == null ? "" : " (" + suggestion + ")");
  }
}
