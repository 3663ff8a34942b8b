package io.mlpipeline.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of one move of a version upwards.
 *
 * @param version the version as it stands
 * @param to where it is to come
 * @param evidence what it is judged by; null if there is none that counts
 * @param evidenceAt the number of the event that holds the evidence; 0 if there is none
 * @param decided what each rule said, the gain over the champion included; empty if none was asked
 * @param approver who has vouched for it, where somebody must; null if nobody has, or need not
 * @param hindrance why it does not move; null if it does
 */
public record Judgement(
    VersionState version,
    PromotionStage to,
    @Nullable Evidence evidence,
    long evidenceAt,
    List<Decided> decided,
    @Nullable String approver,
    @Nullable Hindrance hindrance) {

  public Judgement {
    decided = List.copyOf(decided);
  }

  /** Whether nothing is in the way. */
  public boolean passes() {
    return hindrance == null;
  }

  /** Whether all that is missing is somebody who vouches for it. */
  public boolean waits() {
    return hindrance != null && hindrance.kind() == Hindrance.Kind.APPROVAL;
  }
}
