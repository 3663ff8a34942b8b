package io.mlpipeline.model;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with what a user wrote.
 *
 * @param at where it stands
 * @param message what is wrong, naming the key or the value
 * @param suggestion what to do about it; null where nothing better than the message can be said
 */
public record Problem(SourceLocation at, String message, @Nullable String suggestion) {

  @Override
  public String toString() {
    String place = at.toString().isEmpty() ? "" : at + ": ";
    return place + message + (suggestion == null ? "" : " (" + suggestion + ")");
  }
}
