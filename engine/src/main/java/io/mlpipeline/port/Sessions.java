package io.mlpipeline.port;

/** Opens the Spark side of attempts. One driver has one; it never stops a session it was given. */
public interface Sessions extends AutoCloseable {

  /** A new session of its own for one attempt, with the settings that decide results. */
  AttemptSession open(AttemptCall call);

  /** Evaluates the rules of promotions. */
  PromotionRules promotionRules();

  /** The Spark application's id. */
  String applicationId();

  @Override
  void close();
}
