package io.mlpipeline.delta;

import io.delta.kernel.Snapshot;
import io.mlpipeline.json.Sealed;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.RegistryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The registry's events as a Delta table, {@code _ml/registry_events}, one row an event, for SQL.
 * Nothing of the engine reads it: the objects are the truth, and it can be deleted and folded
 * again. The number of the last event of each model is the transaction id of the commit that
 * brought it, so every event is there once however many fold at a time.
 */
public final class RegistryTable extends FoldedTable<List<@Nullable Object>> {

  /** Attempts at one model while others commit; each failed one is somebody's progress. */
  private static final int ROUNDS = 20;

  /**
   * A table that need not exist yet.
   *
   * @param root the absolute URI or path, {@code <warehouse>/_ml/registry_events}
   * @param hadoop the configuration, copied at first use
   */
  public RegistryTable(String root, Supplier<Configuration> hadoop) {
    super(root, hadoop, new RegistryForm());
  }

  /**
   * Brings in what has happened since the last fold; does nothing if nothing did.
   *
   * @throws io.mlpipeline.model.EngineException if the registry or the table cannot be read or
   *     written; what is folded already stays
   */
  public void fold(ModelRegistry registry) {
    boolean grew = false;
    for (String model : registry.models()) {
      ModelState state = registry.state(model);
      int round = 0;
      while (round < ROUNDS && isBehind(state)) {
        grew |= guarded(() -> foldOnce(registry, state));
        round++;
      }
    }
    if (grew) {
      compact();
    }
  }

  private boolean isBehind(ModelState state) {
    return guarded(() -> findSnapshot().map(s -> folded(s, state)).orElse(0L) < state.last());
  }

  private long folded(Snapshot snapshot, ModelState state) {
    return number(snapshot, appId(state));
  }

  private static String appId(ModelState state) {
    return "registry-" + state.model();
  }

  private boolean foldOnce(ModelRegistry registry, ModelState state) {
    Snapshot snapshot = ready(findSnapshot());
    long done = folded(snapshot, state);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Optional<RegistryEvent> event = registry.event(state.model(), done + 1);
    for (long n = done + 1; n <= state.last() && event.isPresent(); n++) {
      Optional<RegistryEvent> next =
          n < state.last() ? registry.event(state.model(), n + 1) : Optional.empty();
      String seal = next.map(RegistryEvent::previous).orElse(state.seal());
      rows.add(RegistryForm.rowOf(new Sealed<>(event.get(), seal)));
      event = next;
    }
    // Whoever folded a part of these meanwhile made another version of the table.
    return commit(appId(state), state.last(), rows, snapshot.getVersion());
  }
}
