package io.mlpipeline.registry;

import io.mlpipeline.registry.Hindrance.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Which moves there are.
 *
 * <pre>
 * experimental -> staging -> production     promote: one stage at a time, each through its gate
 * archived -> staging                       promote: another try, through the same gate
 * production -> staging | experimental      demote: nothing is in production then
 * staging -> experimental                   demote
 * experimental | staging -> archived        archive
 * production -> archived                    only by what takes its place
 * any -> production                          rollback: only of what was in production before
 * </pre>
 */
public final class Moves {

  private Moves() {}

  /** Why a version cannot be promoted there, whatever was measured; empty if it can. */
  public static Optional<Hindrance> promotion(
      String name, VersionState version, PromotionStage to) {
    if (version.isRemoved()) {
      return removed(name, version);
    }
    PromotionStage from = version.stage();
    if (from == to) {
      return none(name + " is in " + to.word() + " already", "there is nothing to do");
    }
    boolean isStep =
        switch (to) {
          case STAGING -> from == PromotionStage.EXPERIMENTAL || from == PromotionStage.ARCHIVED;
          case PRODUCTION -> from == PromotionStage.STAGING;
          case EXPERIMENTAL, ARCHIVED -> false;
        };
    if (isStep) {
      return Optional.empty();
    }
    if (to == PromotionStage.PRODUCTION) {
      return none(
          name + " is " + in(from) + ", and only what is in staging comes to production",
          "promote it to staging first");
    }
    return none(
        name + " is " + in(from) + ": to " + to.word() + " is no promotion",
        to == PromotionStage.ARCHIVED ? "models archive" : "models demote");
  }

  /** Why a version cannot be demoted there; empty if it can. */
  public static Optional<Hindrance> demotion(String name, VersionState version, PromotionStage to) {
    PromotionStage from = version.stage();
    boolean isDown = to.compareTo(from) < 0 && from != PromotionStage.ARCHIVED;
    if (isDown) {
      return Optional.empty();
    }
    String remedy =
        from == PromotionStage.ARCHIVED
            ? "models promote --to staging gives it another try"
            : "a demotion goes from production to staging or experimental, or from staging to"
                + " experimental";
    return none(name + " is " + in(from) + ": to " + to.word() + " is no demotion", remedy);
  }

  /** Why a version cannot be archived; empty if it can. */
  public static Optional<Hindrance> archiving(String name, VersionState version) {
    return switch (version.stage()) {
      case EXPERIMENTAL, STAGING -> Optional.empty();
      case PRODUCTION ->
          none(
              name + " is in production",
              "promote another, which archives it, or demote it first: then nothing is in"
                  + " production");
      case ARCHIVED -> none(name + " is archived already", "there is nothing to do");
    };
  }

  /** Why a version cannot come back to production; empty if it can, without new evidence. */
  public static Optional<Hindrance> rollback(
      String name, VersionState version, List<RegistryEvent> events) {
    if (version.isRemoved()) {
      return removed(name, version);
    }
    if (Past.production(events, version.version()).isEmpty()) {
      return none(
          name + " was never in production: there is nothing to roll back to",
          "mlpipeline models promote brings it there on evidence");
    }
    return version.isRejected()
        ? Optional.of(
            new Hindrance(
                Kind.REJECTED,
                name + " was rejected",
                "somebody other than its author must approve it first"))
        : Optional.empty();
  }

  /** Why nobody can approve the version; empty if somebody can. */
  public static Optional<Hindrance> approval(String name, VersionState version) {
    return switch (version.stage()) {
      case EXPERIMENTAL, STAGING -> Optional.empty();
      case PRODUCTION ->
          none(name + " is in production: nothing waits for approval", "none needed");
      case ARCHIVED ->
          version.isRejected()
              ? Optional.empty()
              : none(
                  name + " is archived: nothing waits for approval",
                  "models promote --to staging gives it another try");
    };
  }

  /** Why nobody can reject the version; empty if somebody can. */
  public static Optional<Hindrance> rejection(String name, VersionState version) {
    if (version.stage() == PromotionStage.PRODUCTION) {
      return none(
          name + " is in production, where a rejection would change nothing",
          "models demote or models rollback takes it out");
    }
    return version.isRejected()
        ? none(name + " is rejected already", "there is nothing to do")
        : Optional.empty();
  }

  private static String in(PromotionStage stage) {
    return switch (stage) {
      case STAGING, PRODUCTION -> "in " + stage.word();
      case EXPERIMENTAL, ARCHIVED -> stage.word();
    };
  }

  private static Optional<Hindrance> removed(String name, VersionState version) {
    return none(
        "the files of " + name + " were removed by gc (event " + version.removed() + ")",
        "make it again: a run that makes the same content registers it as a new version");
  }

  private static Optional<Hindrance> none(String message, String remedy) {
    return Optional.of(new Hindrance(Kind.NO_SUCH_MOVE, message, remedy));
  }
}
