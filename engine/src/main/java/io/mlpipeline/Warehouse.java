package io.mlpipeline;

import io.mlpipeline.delta.FilesPresent;
import io.mlpipeline.delta.HadoopFilesPresent;
import io.mlpipeline.delta.HadoopSettings;
import io.mlpipeline.delta.HadoopWarehouseFiles;
import io.mlpipeline.delta.KernelLogFiles;
import io.mlpipeline.delta.KernelTableLog;
import io.mlpipeline.delta.LineageTable;
import io.mlpipeline.delta.LocalFilesPresent;
import io.mlpipeline.delta.LocalWarehouseFiles;
import io.mlpipeline.delta.ObjectStores;
import io.mlpipeline.delta.RegistryTable;
import io.mlpipeline.delta.StoredGates;
import io.mlpipeline.delta.StoredHousekeeping;
import io.mlpipeline.delta.StoredLeases;
import io.mlpipeline.delta.StoredLedger;
import io.mlpipeline.delta.StoredModels;
import io.mlpipeline.delta.StoredRegistry;
import io.mlpipeline.delta.StoredReuseIndex;
import io.mlpipeline.gc.Collector;
import io.mlpipeline.model.TableRemoval;
import io.mlpipeline.port.GateStore;
import io.mlpipeline.port.Housekeeping;
import io.mlpipeline.port.LeaseStore;
import io.mlpipeline.port.Ledger;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.ObjectStore;
import io.mlpipeline.port.ReuseIndex;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.port.WarehouseFiles;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/**
 * Everything that is stored under one root, without Spark: tables, models and their registry, reuse
 * entries, receipts. Opening it reads nothing and makes nothing.
 */
public final class Warehouse {

  private final String uri;
  private final Supplier<Configuration> hadoop;
  private final ObjectStore objects;
  private final TableLog tables;
  private final ModelStore models;
  private final ReuseIndex reuse;
  private final Ledger ledger;
  private final GateStore gates;
  private final ModelRegistry registry;
  private final LeaseStore leases;

  private Warehouse(String uri, Supplier<Configuration> hadoop) {
    this.uri = uri;
    this.hadoop = hadoop;
    this.objects = ObjectStores.open(uri + "/_ml", hadoop);
    this.tables = new KernelTableLog(uri, hadoop);
    this.models = new StoredModels(objects, files(uri, hadoop));
    this.reuse = new StoredReuseIndex(objects);
    this.gates = new StoredGates(objects);
    this.registry = new StoredRegistry(objects);
    this.leases = new StoredLeases(objects);
    this.ledger = new StoredLedger(objects, () -> new LineageTable(uri + "/_ml/lineage", hadoop));
  }

  /** The warehouse at a path or URI; a path is made absolute against the working directory. */
  public static Warehouse open(String location, Path workingDirectory) {
    return new Warehouse(absolute(location, workingDirectory), new HadoopSettings());
  }

  /** The location as an absolute path or URI without a slash at its end. */
  static String absolute(String location, Path workingDirectory) {
    boolean hasScheme = location.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*");
    String absolute =
        hasScheme
            ? location
            : workingDirectory.resolve(location).toAbsolutePath().normalize().toString();
    return absolute.length() > 1 && absolute.endsWith("/")
        ? absolute.substring(0, absolute.length() - 1)
        : absolute;
  }

  /** Whether the warehouse is on a local file system, so that Hadoop is not needed for it. */
  public boolean isLocal() {
    return !uri.contains(":");
  }

  private static WarehouseFiles listing(String uri, Supplier<Configuration> hadoop) {
    return uri.contains(":")
        ? new HadoopWarehouseFiles(uri, hadoop)
        : new LocalWarehouseFiles(Path.of(uri));
  }

  private static FilesPresent files(String uri, Supplier<Configuration> hadoop) {
    return uri.contains(":")
        ? new HadoopFilesPresent(uri, hadoop)
        : new LocalFilesPresent(Path.of(uri));
  }

  public String uri() {
    return uri;
  }

  /** Hadoop's settings; loading them costs, so nobody asks without need. */
  public Supplier<Configuration> hadoop() {
    return hadoop;
  }

  public ObjectStore objects() {
    return objects;
  }

  public TableLog tables() {
    return tables;
  }

  public ModelStore models() {
    return models;
  }

  public ReuseIndex reuse() {
    return reuse;
  }

  public Ledger ledger() {
    return ledger;
  }

  public GateStore gates() {
    return gates;
  }

  public ModelRegistry registry() {
    return registry;
  }

  public LeaseStore leases() {
    return leases;
  }

  /**
   * Brings what happened to models into the table {@code _ml/registry_events}, which is for SQL.
   * Loads Kernel if there is a model. Events are durable already: who changes one calls this
   * afterwards, and a failure is made up for by the next call.
   */
  public void foldRegistry() {
    if (!registry.models().isEmpty()) {
      new RegistryTable(uri + "/_ml/registry_events", hadoop).fold(registry);
    }
  }

  /** Every file, for who removes what nobody needs. */
  public WarehouseFiles files() {
    return listing(uri, hadoop);
  }

  /** The records that say what is needed, and those of what was removed. */
  public Housekeeping housekeeping() {
    return new StoredHousekeeping(objects);
  }

  /** Who removed the files of a version of a table, and when; empty if nobody did. */
  public Optional<String> removal(String table, long version) {
    return TableRemoval.find(removals(table), version).map(TableRemoval::told);
  }

  /** What was removed of the old versions of a table, oldest first; of tables elsewhere nothing. */
  public List<TableRemoval> removals(String table) {
    String own = relative(table);
    boolean isElsewhere = own.contains(":") || own.startsWith("/");
    return isElsewhere ? List.of() : housekeeping().removals(own);
  }

  /** Who finds and removes what nobody needs. */
  public Housekeeper housekeeper(InstantSource clock) {
    Collector collector =
        new Collector(
            files(),
            new KernelLogFiles(uri, hadoop),
            housekeeping(),
            registry,
            this::relative,
            clock);
    return new Housekeeper(this, collector, clock);
  }

  /** A table's URI relative to this warehouse, if it is below it; else as it is. */
  public String relative(String table) {
    String root = (isLocal() ? "file:" + uri : uri) + "/";
    String plain = isLocal() ? uri + "/" : root;
    return table.startsWith(root)
        ? table.substring(root.length())
        : table.startsWith(plain) ? table.substring(plain.length()) : table;
  }
}
