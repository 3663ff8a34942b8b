package io.mlpipeline.registry;

import java.util.List;

/**
 * What a rollback would do, found out before anything is changed.
 *
 * @param state the model as it stood then
 * @param version the version that comes to production
 * @param card its card
 * @param number the event that had brought it to production last
 * @param tables the tables of its receipt; empty if only the model is wanted
 */
public record RollbackPlan(
    ModelState state, VersionState version, ModelCard card, long number, List<TablePin> tables) {

  public RollbackPlan {
    tables = List.copyOf(tables);
  }

  /** The tables whose head holds something else. */
  public List<TablePin> behind() {
    return of(TablePin.State.BEHIND);
  }

  /** The tables that cannot be brought back. */
  public List<TablePin> lost() {
    return of(TablePin.State.LOST);
  }

  /** Whether everything is as it would be after it. */
  public boolean isDone() {
    return version.stage() == PromotionStage.PRODUCTION && behind().isEmpty() && lost().isEmpty();
  }

  private List<TablePin> of(TablePin.State wanted) {
    return tables.stream().filter(pin -> pin.state() == wanted).toList();
  }
}
