package io.mlpipeline.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a registered model; immutable, and the only truth: every state is a
 * fold of these. Its number is the compare-and-set: of two events with one number one exists.
 *
 * @param model the registered model's name
 * @param number from 1, without a gap
 * @param kind what happened
 * @param version the version that it happened to
 * @param digest that version's content, {@code m1:...}
 * @param from the stage before; null where no stage changed
 * @param to the stage after; null where no stage changed
 * @param by who: a user, or {@code run r2024...} where a run did it by itself
 * @param at when
 * @param reason why, in words; null if nobody said
 * @param run the run that it happened in; null for a command
 * @param card the seal of the version's card; null unless registered
 * @param evidence what was measured; null unless evaluated
 * @param evidenceAt the number of the event whose evidence was judged by; 0 where none was
 * @param decided what the gates said of it; empty where none was asked
 * @param restored what a rollback brought back; null for others
 * @param previous the seal of the event before; empty for the first
 */
public record RegistryEvent(
    String model,
    long number,
    Kind kind,
    SemanticVersion version,
    String digest,
    @Nullable PromotionStage from,
    @Nullable PromotionStage to,
    String by,
    Instant at,
    @Nullable String reason,
    @Nullable String run,
    @Nullable String card,
    @Nullable Evidence evidence,
    long evidenceAt,
    List<Decided> decided,
    @Nullable RestoredSet restored,
    String previous) {

  /** The sorts of events. */
  public enum Kind {
    /** A version came to be, as experimental. */
    REGISTERED,
    /** Its content was measured. */
    EVALUATED,
    /** A human vouches for it. */
    APPROVED,
    /** A human refuses it: it cannot be promoted until it is approved again. */
    REJECTED,
    /** It moved up. */
    PROMOTED,
    /** It moved down. */
    DEMOTED,
    /** It is in production again, with what belongs to it. */
    ROLLED_BACK,
    /** It is out of use. */
    ARCHIVED,
    /** Its files are removed, those of the model and what only it needs; its history stays. */
    REMOVED
  }

  public RegistryEvent {
    decided = List.copyOf(decided);
    if (number < 1) {
      throw new IllegalArgumentException("events are numbered from 1, not " + number);
    }
  }
}
