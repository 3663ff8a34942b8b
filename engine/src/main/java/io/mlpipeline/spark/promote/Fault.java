package io.mlpipeline.spark.promote;

import org.jspecify.annotations.Nullable;

/** What is wrong with a rule, and what to write instead. */
record Fault(String message, @Nullable String suggestion) {

  @Override
  public String toString() {
    return message + (suggestion == null ? "" : " (" + suggestion + ")");
  }
}
