package io.mlpipeline.delta;

import io.mlpipeline.port.ObjectStore;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/** Opens the object store of a location by its scheme. */
public final class ObjectStores {

  private ObjectStores() {}

  /**
   * The store whose objects live below a root.
   *
   * @param rootUri a path or URI; without a scheme it is a local path
   * @param conf asked for Hadoop's settings only where the location is not local, so that a laptop
   *     pays for none of Hadoop's classes
   */
  public static ObjectStore open(String rootUri, Supplier<Configuration> conf) {
    if (Locations.isLocal(rootUri)) {
      return new LocalObjectStore(Locations.localPath(rootUri));
    }
    return Remote.open(rootUri, conf);
  }

  /** A class of its own, so that Hadoop is linked only when it is needed. */
  private static final class Remote {
    static ObjectStore open(String rootUri, Supplier<Configuration> conf) {
      return new HadoopObjectStore(new org.apache.hadoop.fs.Path(rootUri), conf.get());
    }
  }
}
