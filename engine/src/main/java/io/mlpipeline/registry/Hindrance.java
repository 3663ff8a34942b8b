package io.mlpipeline.registry;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;

/**
 * Why a version does not move.
 *
 * @param kind what sort of reason
 * @param message the reason in words
 * @param remedy what to do about it
 */
public record Hindrance(Kind kind, String message, String remedy) {

  /** The sorts of reasons. */
  public enum Kind {
    /** No version goes from where it is to there. */
    NO_SUCH_MOVE,
    /** A human has refused it. */
    REJECTED,
    /** Nothing was measured of exactly this content. */
    NO_EVIDENCE,
    /** It was measured, but not beside the champion of now. */
    OLD_EVIDENCE,
    /** A rule does not hold, or could not be evaluated. */
    RULES,
    /** All rules hold; somebody must vouch for it. */
    APPROVAL
  }

  /** The reason as what a command fails with. */
  public EngineException exception() {
    return switch (kind) {
      case NO_SUCH_MOVE -> EngineException.misused(message, remedy);
      case APPROVAL -> new EngineException(ErrorType.APPROVAL_MISSING, message + "; " + remedy);
      case REJECTED, NO_EVIDENCE, OLD_EVIDENCE, RULES ->
          new EngineException(ErrorType.PROMOTION_REFUSED, message + "; " + remedy);
    };
  }

  @Override
  public String toString() {
    return message + " (" + remedy + ")";
  }
}
