package io.mlpipeline.model;

/**
 * How versions of a registered model come from one promotion stage to the next. Never part of a
 * fingerprint: a changed rule decides the next move and recomputes nothing.
 *
 * @param model the registered model's name
 * @param staging what is asked before staging
 * @param production what is asked before production
 * @param automatic how far a run moves a version by itself
 * @param at where it was written
 */
public record ModelPolicy(
    String model,
    PromotionGate staging,
    PromotionGate production,
    Automatic automatic,
    SourceLocation at) {

  public ModelPolicy {
    Names.check("model", model);
  }

  /** The farthest stage to which a run promotes what it has registered and measured. */
  public enum Automatic {
    NONE,
    STAGING,
    PRODUCTION
  }

  /** For a model of which the pipeline says nothing: evidence alone, and nothing by itself. */
  public static ModelPolicy open(String model) {
    return new ModelPolicy(
        model, PromotionGate.OPEN, PromotionGate.OPEN, Automatic.NONE, SourceLocation.UNKNOWN);
  }
}
