package io.mlpipeline.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked before a model version comes to a promotion stage, besides evidence, which is
 * always asked for.
 *
 * @param require rules that must be true, in the order they were written
 * @param gain what the difference to the champion must reach; null if nothing is asked of it
 * @param approval whether somebody must vouch for it
 */
public record PromotionGate(List<PromotionRule> require, @Nullable Gain gain, Approval approval) {

  /** Asks for evidence alone. */
  public static final PromotionGate OPEN = new PromotionGate(List.of(), null, Approval.NONE);

  public PromotionGate {
    require = List.copyOf(require);
  }

  /** Who must vouch for a version. */
  public enum Approval {
    /** Nobody. */
    NONE,
    /** Anybody, the author included. */
    ANYONE,
    /** Somebody other than the author. */
    OTHER
  }

  /**
   * The lower bound of the confidence interval of the gain over the champion, on the same rows.
   * Where there is no champion, it is not asked.
   *
   * @param metric the metric's name; its gain is positive where it is better
   * @param atLeast what the lower bound must reach; 0 means surely not worse
   */
  public record Gain(String metric, double atLeast) {}
}
