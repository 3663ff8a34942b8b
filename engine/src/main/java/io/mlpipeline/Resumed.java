package io.mlpipeline;

import io.mlpipeline.model.PinnedSource;
import java.util.Map;

/**
 * What a run takes over from the one that it resumes.
 *
 * @param run the earlier run
 * @param recipe the seal of what both are made from
 * @param asOf the day that {@code ${run.as-of}} stood for, such as {@code 2026-01-31}
 * @param sources the external inputs as they were pinned then, by dataset
 */
record Resumed(String run, String recipe, String asOf, Map<String, PinnedSource> sources) {

  /** The name of the fact that says which run was resumed. */
  static final String FACT = "resumes";

  /** The name of the fact that says which day the resumed run took for its own. */
  static final String AS_OF = "as-of";

  Resumed {
    sources = Map.copyOf(sources);
  }
}
