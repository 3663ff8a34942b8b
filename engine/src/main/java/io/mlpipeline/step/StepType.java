package io.mlpipeline.step;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares a step: its name in {@code uses} and its ports. Read from bytecode, not by loading. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface StepType {

  /** The name in {@code uses}, kebab-case. */
  String value();

  /** The input ports. */
  Port[] inputs() default {};

  /** The output ports. */
  Port[] outputs() default {};

  /** False if a re-run with equal inputs and params may give other rows. */
  boolean deterministic() default true;
}
