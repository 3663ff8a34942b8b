package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.Moves;
import io.mlpipeline.registry.Past;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.RestoredSet;
import io.mlpipeline.registry.RollbackPlan;
import io.mlpipeline.registry.TablePin;
import io.mlpipeline.registry.VersionState;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings a version that was in production back there, together with the tables that it was made
 * with. Everything is checked first, then tables are restored, then the event is appended: nothing
 * is deleted, and what was killed in between is finished by doing it again, because a table that
 * holds the content already is left alone. Safe from any number of processes.
 */
public final class Rollbacks {

  private final ModelRegistry registry;
  private final TableLog tables;
  private final ModelStore models;
  private final InstantSource clock;

  public Rollbacks(
      ModelRegistry registry, TableLog tables, ModelStore models, InstantSource clock) {
    this.registry = registry;
    this.tables = tables;
    this.models = models;
    this.clock = clock;
  }

  /** What is to be brought back. */
  public enum Scope {
    /** The model with the tables of its receipt. */
    SET,
    /** The model alone. */
    MODEL
  }

  /**
   * A rollback that took place.
   *
   * @param event its event; null if everything was so already
   * @param tables the tables that belong to the version, at the versions that hold them now
   */
  public record RolledBack(@Nullable RegistryEvent event, List<OutputVersion> tables) {

    public RolledBack {
      tables = List.copyOf(tables);
    }
  }

  /**
   * Finds out what a rollback would do; changes nothing.
   *
   * @throws EngineException {@code CONFIG_INVALID} if there is no such version or it was never in
   *     production, {@code PROMOTION_REFUSED} if somebody rejected it, {@code STORAGE_CORRUPT} if
   *     the model itself cannot be read any more
   */
  public RollbackPlan plan(MoveRequest wanted, Scope scope) {
    List<RegistryEvent> events = registry.events(wanted.model());
    ModelState state = registry.state(wanted.model());
    VersionState version = Appending.version(state, wanted.version());
    Moves.rollback(wanted.name(), version, events)
        .ifPresent(
            hindrance -> {
              throw hindrance.exception();
            });
    ModelCard card = card(wanted, version);
    requireModel(wanted, card);
    TablePins pins = new TablePins(tables);
    List<TablePin> found =
        scope == Scope.MODEL ? List.of() : card.tables().stream().map(pins::look).toList();
    long number = Past.production(events, wanted.version()).orElseThrow();
    return new RollbackPlan(state, version, card, number, found);
  }

  private ModelCard card(MoveRequest wanted, VersionState version) {
    return registry
        .findCard(wanted.model(), version.card())
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorType.STORAGE_CORRUPT,
                    "the card of "
                        + wanted.name()
                        + " is gone from the registry; nothing was"
                        + " changed"));
  }

  private void requireModel(MoveRequest wanted, ModelCard card) {
    boolean isThere =
        models
            .find(card.pipeline(), card.artifact(), card.digest())
            .filter(manifest -> models.missing(manifest).isEmpty())
            .isPresent();
    if (!isThere) {
      throw new EngineException(
          ErrorType.STORAGE_CORRUPT,
          wanted.name()
              + " cannot come back: its manifest or files in "
              + card.uri()
              + " are gone (`mlpipeline models check "
              + wanted.model()
              + " --all` names them); nothing was changed");
    }
  }

  /**
   * Does what was planned.
   *
   * @throws EngineException {@code STORAGE_CORRUPT} if a table is lost: nothing was changed; {@code
   *     PUBLISH_CONFLICT} or {@code MODEL_CONFLICT} if somebody else wrote to a table or moved the
   *     model since the plan: the message names the tables that were restored before
   */
  public RolledBack rollBack(MoveRequest wanted, RollbackPlan plan) {
    requireTables(wanted, plan);
    if (plan.isDone()) {
      return new RolledBack(null, plan.tables().stream().map(Rollbacks::atHead).toList());
    }
    List<OutputVersion> now = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    try {
      for (TablePin pin : plan.tables()) {
        OutputVersion restored = restored(wanted, pin);
        now.add(restored);
        if (restored.version() != pin.head()) {
          changed.add(restored.uri() + " is at version " + restored.version());
        }
      }
      return new RolledBack(append(wanted, plan, now), now);
    } catch (EngineException e) {
      throw changed.isEmpty() ? e : halfway(wanted, changed, e);
    }
  }

  /** Refuses, by name, what cannot be brought back whole. */
  public static void requireTables(MoveRequest wanted, RollbackPlan plan) {
    if (plan.lost().isEmpty()) {
      return;
    }
    List<String> lost = new ArrayList<>();
    for (TablePin pin : plan.lost()) {
      lost.add(pin.table().uri() + "@v" + pin.table().version() + ": " + pin.problem());
    }
    throw new EngineException(
        ErrorType.STORAGE_CORRUPT,
        wanted.name()
            + " cannot come back with its tables, and nothing was changed: "
            + String.join("; ", lost)
            + ". --model-only brings back the model without any table");
  }

  private static OutputVersion atHead(TablePin pin) {
    return pin.table().atVersion(pin.head());
  }

  private OutputVersion restored(MoveRequest wanted, TablePin pin) {
    if (pin.state() == TablePin.State.CURRENT) {
      return atHead(pin);
    }
    TablePin now = new TablePins(tables).look(pin.table());
    if (now.state() == TablePin.State.CURRENT) {
      return atHead(now); // somebody else brought it back at the same time
    }
    if (now.head() != pin.head()) {
      throw new EngineException(
          ErrorType.PUBLISH_CONFLICT,
          "somebody else has just written version " + now.head() + " of " + pin.table().uri());
    }
    return pin.table().atVersion(restore(wanted, pin));
  }

  private long restore(MoveRequest wanted, TablePin pin) {
    OutputVersion table = pin.table();
    try {
      return tables.restore(table.uri(), table.version(), info(wanted, pin));
    } catch (EngineException e) {
      if (e.type() == ErrorType.PUBLISH_CONFLICT) {
        TablePin now = new TablePins(tables).look(table);
        if (now.state() == TablePin.State.CURRENT) {
          return now.head();
        }
      }
      throw e;
    }
  }

  /** The same rollback from the same head is one; a later one from another head is another. */
  private static TableLog.CommitInfo info(MoveRequest wanted, TablePin pin) {
    String attempt = "rollback-" + wanted.model() + "-" + wanted.version() + "-" + pin.head();
    return new TableLog.CommitInfo("rollback", "rollback", attempt, pin.table().identity());
  }

  private RegistryEvent append(MoveRequest wanted, RollbackPlan plan, List<OutputVersion> now) {
    String ground = "it was in production by event " + plan.number();
    String reason = wanted.reason() == null ? ground : wanted.reason() + "; " + ground;
    MoveEvents events = new MoveEvents(wanted.by(), reason, null, clock.instant());
    RestoredSet set = new RestoredSet(plan.number(), now, plan.version().card());
    return new Appending(registry)
        .append(
            plan.state(),
            wanted.version(),
            Appending.Ground.VERSION_AND_CHAMPION,
            (state, version) -> events.rollback(state, version, set));
  }

  private static EngineException halfway(
      MoveRequest wanted, List<String> changed, EngineException e) {
    return new EngineException(
        e.type(),
        e.getMessage()
            + ". Tables were brought back before, and stay so: "
            + String.join(", ", changed)
            + "; roll back to "
            + wanted.name()
            + " again to finish",
        e.diagnostics(),
        e);
  }
}
