package io.mlpipeline.config;

import io.mlpipeline.model.StepTypeInfo;
import java.util.Optional;
import java.util.SortedSet;

/** The step types that a pipeline may use. */
public interface StepTypes {

  /** The type of this name or class name. */
  Optional<StepTypeInfo> find(String uses);

  /** The names of all, for "did you mean". */
  SortedSet<String> names();
}
