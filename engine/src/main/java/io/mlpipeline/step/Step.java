package io.mlpipeline.step;

/**
 * A unit of work: from pinned inputs and params to tables, models and metrics.
 *
 * <p>A class that implements this carries {@link StepType} and has a public constructor without
 * arguments. Its params are a record whose component names, in kebab-case, are the keys under
 * {@code params}; see {@link Default}. Components may be {@code String}, {@code int}, {@code long},
 * {@code double}, {@code boolean}, {@code java.time.Duration}, an enum (its constants are written
 * in kebab-case), {@code List<String>}, {@code Map<String, String>}, {@code Map<String,
 * List<String>>}, and {@link SqlText}.
 *
 * <p>Equal inputs and params must give equal rows, in any order, whatever the number of cores; a
 * step for which that does not hold says so in its {@link StepType}. A re-run computes everything
 * anew; the engine makes no new version if the content is the same.
 *
 * @param <P> the params record
 */
public interface Step<P extends Record> {

  /**
   * Does the work. Called once an attempt; must not keep state between calls, must not write, and
   * must not stop the session.
   *
   * @throws Exception anything; the engine classifies it and records it as a failure
   */
  StepOutput run(StepContext context, P params) throws Exception;
}
