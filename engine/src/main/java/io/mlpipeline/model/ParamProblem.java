package io.mlpipeline.model;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one key of a param that holds keys and values.
 *
 * @param message what is wrong, naming the key and what was written
 * @param suggestion what to write instead; null where nothing better than the message can be said
 */
public record ParamProblem(String message, @Nullable String suggestion) {

  /** Both in one sentence. */
  @Override
  public String toString() {
    return suggestion == null ? message : message + "; " + suggestion;
  }
}
