package io.mlpipeline.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A model version as it stands.
 *
 * @param version its version
 * @param digest its content
 * @param card the seal of its card
 * @param stage how far it has come
 * @param since when it came there
 * @param moved the number of the event that brought it there
 * @param author who ran the run that registered it
 * @param registered the number of the event that registered it
 * @param evaluated the number of the newest event with evidence of it; 0 if there is none
 * @param approvals who has vouched for it since it was last moved or rejected
 * @param isRejected whether a human refused it, and nobody approved it since
 * @param removed the number of the event that said that its files are removed; 0 if they are not
 */
public record VersionState(
    SemanticVersion version,
    String digest,
    String card,
    PromotionStage stage,
    Instant since,
    long moved,
    String author,
    long registered,
    long evaluated,
    List<String> approvals,
    boolean isRejected,
    long removed) {

  public VersionState {
    approvals = List.copyOf(approvals);
  }

  /** Whether its files are removed, or will be within a day. */
  public boolean isRemoved() {
    return removed > 0;
  }

  /** Somebody other than the author who has approved it. */
  public Optional<String> approver() {
    return approvals.stream().filter(who -> !who.equals(author)).findFirst();
  }

  /** Approvals were for that one move; a refusal stands until somebody takes it back. */
  VersionState at(PromotionStage other, Instant when, long number) {
    return new VersionState(
        version,
        digest,
        card,
        other,
        when,
        number,
        author,
        registered,
        evaluated,
        List.of(),
        isRejected,
        removed);
  }

  VersionState evaluatedAt(long number) {
    return new VersionState(
        version,
        digest,
        card,
        stage,
        since,
        moved,
        author,
        registered,
        number,
        approvals,
        isRejected,
        removed);
  }

  VersionState removedAt(long number) {
    return new VersionState(
        version,
        digest,
        card,
        stage,
        since,
        moved,
        author,
        registered,
        evaluated,
        approvals,
        isRejected,
        number);
  }

  VersionState judged(List<String> by, boolean rejected) {
    return new VersionState(
        version,
        digest,
        card,
        stage,
        since,
        moved,
        author,
        registered,
        evaluated,
        by,
        rejected,
        removed);
  }
}
