package io.mlpipeline.step;

import io.mlpipeline.model.OutputKind;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One port of a step. */
@Documented
@Target({})
@Retention(RetentionPolicy.RUNTIME)
public @interface Port {

  /** The port's name; {@code *} means any number of ports of any name. */
  String value();

  /** What it carries. */
  OutputKind kind() default OutputKind.TABLE;

  /** Whether the pipeline may leave it out. A {@code *} may always be left out. */
  boolean optional() default false;

  /**
   * Whether the step reads the files of an input itself, by {@code StepContext.files}. The input's
   * contract is then the step's to enforce.
   */
  boolean files() default false;
}
