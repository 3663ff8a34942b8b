package io.mlpipeline.run;

import io.mlpipeline.port.Fence;
import io.mlpipeline.port.GateStore;
import io.mlpipeline.port.Ledger;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.ReuseIndex;
import io.mlpipeline.port.Sessions;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.port.Triage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Everything outside, in one parameter: a method that takes it does I/O, one without does not.
 *
 * @param tables the Delta logs
 * @param models the models' manifests
 * @param reuse what earlier attempts made
 * @param ledger the lineage
 * @param gates what gates remember
 * @param registry the registered models
 * @param sessions opens Spark at first use; never asked if nothing is to be computed
 * @param failures names what Spark and the store throw; empty for what it does not know
 * @param clock the time
 * @param sleeper waits between attempts
 * @param steps loads step classes
 */
public record Backend(
    TableLog tables,
    ModelStore models,
    ReuseIndex reuse,
    Ledger ledger,
    GateStore gates,
    ModelRegistry registry,
    Supplier<Sessions> sessions,
    Triage failures,
    InstantSource clock,
    Sleeper sleeper,
    ClassLoader steps) {

  /** The same, where everything that becomes visible must pass the fence first. */
  public Backend behind(Fence fence) {
    return new Backend(
        new FencedTables(tables, fence),
        new FencedModels(models, fence),
        new FencedReuse(reuse, fence),
        ledger,
        gates,
        new FencedRegistry(registry, fence),
        sessions,
        failures,
        clock,
        sleeper,
        steps);
  }

  /** The same, with another sleeper. */
  Backend sleeping(Sleeper other) {
    return new Backend(
        tables, models, reuse, ledger, gates, registry, sessions, failures, clock, other, steps);
  }

  /** Waits; a test does not. */
  @FunctionalInterface
  public interface Sleeper {
    void sleep(Duration pause) throws InterruptedException;
  }
}
