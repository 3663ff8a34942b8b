package io.mlpipeline;

import io.mlpipeline.delta.FileSourcePins;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.model.RunId;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.port.Sessions;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.port.Triage;
import io.mlpipeline.run.Backend;
import io.mlpipeline.run.LeaseTerms;
import io.mlpipeline.run.Leases;
import io.mlpipeline.run.RunContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Puts the parts together. */
public final class Wiring {

  /** A setting for the JVM: how long a heartbeat may stand still, in seconds. */
  private static final String LEASE_SECONDS = "mlpipeline.lease-seconds";

  private Wiring() {}

  static Backend withoutSpark(Warehouse warehouse, InstantSource clock) {
    return backend(
        warehouse,
        clock,
        () -> {
          throw new IllegalStateException("nothing is to be computed, yet Spark was asked for");
        },
        thrown -> Optional.empty(),
        Wiring.class.getClassLoader());
  }

  public static Backend backend(
      Warehouse warehouse,
      InstantSource clock,
      Supplier<Sessions> sessions,
      Triage failures,
      ClassLoader steps) {
    return new Backend(
        warehouse.tables(),
        warehouse.models(),
        warehouse.reuse(),
        warehouse.ledger(),
        warehouse.gates(),
        warehouse.registry(),
        sessions,
        failures,
        clock,
        pause -> Thread.sleep(pause.toMillis()),
        steps);
  }

  public static RunId newRun(Planning planning) {
    return newRun(planning.options().clock().instant());
  }

  /** An id of that moment that nobody else has. */
  public static RunId newRun(Instant at) {
    // No secret: it only keeps apart two runs that start within one second.
    int salt = new SplittableRandom().nextInt() ^ (int) ProcessHandle.current().pid();
    return RunId.of(at, salt);
  }

  public static RunContext context(
      Planning planning, RunId run, SortedMap<String, String> facts, RunListener listener) {
    return new RunContext(
        run,
        planning.spec(),
        planning.code(),
        planning.config(),
        facts,
        planning.warehouse().uri(),
        listener);
  }

  static Leases leases(Warehouse warehouse, InstantSource clock, Backend.Sleeper sleeper) {
    return new Leases(warehouse.leases(), new LocalProcesses(), clock, System::nanoTime, sleeper);
  }

  /** This process, wanting the lease of a pipeline. */
  static LeaseClaim claim(Planning planning, String run) {
    long pid = ProcessHandle.current().pid();
    return new LeaseClaim(
        planning.spec().name(),
        1,
        planning.spec().environment(),
        run,
        RunFacts.user(),
        RunFacts.host(),
        LocalProcesses.machine(),
        pid,
        LocalProcesses.began(pid),
        planning.options().clock().instant(),
        Integer.getInteger(LEASE_SECONDS, LeaseTerms.DEFAULT.seconds()));
  }

  public static FileSourcePins pins(
      Warehouse warehouse, PlanningOptions.Verification verification, InstantSource clock) {
    FileSourcePins.VerifyMode verify =
        verification == PlanningOptions.Verification.FULL
            ? FileSourcePins.VerifyMode.READ_ALL
            : FileSourcePins.VerifyMode.STAT_CACHE;
    return new FileSourcePins(
        new FileSourcePins.Options(
            warehouse.objects(), verify, table -> identity(warehouse, table), clock),
        warehouse.tables(),
        warehouse.hadoop());
  }

  /** The content of a table version that an engine like this one committed. */
  private static Optional<String> identity(Warehouse warehouse, String table) {
    int at = table.lastIndexOf('@');
    String uri = table.substring(0, at);
    long version = Long.parseLong(table.substring(at + 1));
    TableLog tables = warehouse.tables();
    if (version < tables.findHead(uri).orElse(version)) {
      requireFiles(warehouse, uri, version);
    }
    return tables.findContent(uri, version);
  }

  /** Time travel ends where somebody removed the files; better told now than by a failing read. */
  private static void requireFiles(Warehouse warehouse, String uri, long version) {
    boolean isGone =
        warehouse
            .tables()
            .find(uri, version)
            .filter(found -> !warehouse.tables().allPresent(uri, found.files()))
            .isPresent();
    if (isGone) {
      throw new EngineException(
          ErrorType.INPUT_GONE,
          "version "
              + version
              + " of table "
              + warehouse.relative(uri)
              + " cannot be read any more: its files are "
              + warehouse.removal(uri, version).orElse("gone")
              + ". Name another version, or none for the newest.");
    }
  }
}
