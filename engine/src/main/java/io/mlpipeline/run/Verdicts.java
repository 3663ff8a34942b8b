package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.PromotionGate;
import io.mlpipeline.model.PromotionGate.Approval;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.Hindrance;
import io.mlpipeline.registry.Moves;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.RegistryEvent.Kind;
import io.mlpipeline.registry.VersionState;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What humans decide of versions besides promoting them: approve, reject, demote, archive. Needs no
 * evidence and no Spark; safe from any number of processes.
 *
 * <p>All throw an {@link EngineException}: {@code CONFIG_INVALID} if there is no such version or no
 * such move, {@code MODEL_CONFLICT} if somebody else moved or rejected it at the same time.
 */
public final class Verdicts {

  private final ModelRegistry registry;
  private final InstantSource clock;

  public Verdicts(ModelRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * Vouches for a version, for its next move, and takes back a rejection.
   *
   * @param policy asked only if the author approves: where the next move takes {@code approval:
   *     anyone}, that counts
   * @throws EngineException {@code APPROVAL_MISSING} if it is the author's and would not count
   */
  public RegistryEvent approve(MoveRequest wanted, Supplier<ModelPolicy> policy) {
    return append(
        wanted,
        Kind.APPROVED,
        version -> {
          refuse(Moves.approval(wanted.name(), version));
          refuseTwice(wanted, version);
          if (wanted.by().equals(version.author())) {
            refuseAuthor(wanted, version, policy);
          }
        });
  }

  /** Refuses a version: it is not promoted until somebody approves it. */
  public RegistryEvent reject(MoveRequest wanted) {
    return append(
        wanted, Kind.REJECTED, version -> refuse(Moves.rejection(wanted.name(), version)));
  }

  /** Moves a version down. */
  public RegistryEvent demote(MoveRequest wanted, PromotionStage to) {
    return move(wanted, Kind.DEMOTED, to, version -> Moves.demotion(wanted.name(), version, to));
  }

  /** Takes a version out of use. */
  public RegistryEvent archive(MoveRequest wanted) {
    return move(
        wanted,
        Kind.ARCHIVED,
        PromotionStage.ARCHIVED,
        version -> Moves.archiving(wanted.name(), version));
  }

  private RegistryEvent append(MoveRequest wanted, Kind kind, Consumer<VersionState> check) {
    MoveEvents events = wanted.events(clock);
    return new Appending(registry)
        .append(
            wanted.model(),
            wanted.version(),
            Appending.Ground.VERSION,
            (state, version) -> {
              check.accept(version);
              return events.verdict(kind, state, version);
            });
  }

  private RegistryEvent move(
      MoveRequest wanted,
      Kind kind,
      PromotionStage to,
      Function<VersionState, Optional<Hindrance>> check) {
    MoveEvents events = wanted.events(clock);
    return new Appending(registry)
        .append(
            wanted.model(),
            wanted.version(),
            Appending.Ground.VERSION,
            (state, version) -> {
              refuse(check.apply(version));
              return events.move(kind, state, version, to);
            });
  }

  private static void refuse(Optional<Hindrance> hindrance) {
    hindrance.ifPresent(
        found -> {
          throw found.exception();
        });
  }

  private static void refuseTwice(MoveRequest wanted, VersionState version) {
    if (version.approvals().contains(wanted.by())) {
      throw EngineException.misused(
          wanted.by() + " has approved " + wanted.name() + " already",
          "an approval counts until the version is moved or rejected");
    }
  }

  private static void refuseAuthor(
      MoveRequest wanted, VersionState version, Supplier<ModelPolicy> policy) {
    if (version.isRejected()) {
      throw new EngineException(
          ErrorType.APPROVAL_MISSING,
          wanted.by()
              + " is the author of "
              + wanted.name()
              + ", which was rejected: somebody else must take that back");
    }
    PromotionGate next =
        version.stage() == PromotionStage.STAGING
            ? policy.get().production()
            : policy.get().staging();
    if (next.approval() != Approval.ANYONE) {
      throw new EngineException(
          ErrorType.APPROVAL_MISSING,
          wanted.by()
              + " is the author of "
              + wanted.name()
              + " and cannot vouch for it: somebody else must");
    }
  }
}
