package io.mlpipeline.step;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which keys a param that is a map may hold, and what each may be, so that {@code validate} and
 * {@code plan} tell what is wrong before the step runs. The table, {@link
 * io.mlpipeline.model.ParamTable}, is read from the jar; the step's class is not loaded for it.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface KeysFrom {

  /** The file, beside the class of the params, with the ending {@code .params}. */
  String value();

  /** The param, an enum in kebab-case, whose value decides which lines count; none if empty. */
  String by() default "";

  /** Whether the values are to be tried one by one, or a range of them. */
  boolean searched() default false;
}
