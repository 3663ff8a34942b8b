package io.mlpipeline.delta;

import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/**
 * Hadoop's settings as its files on the class path give them, with {@link NioLocalFileSystem} where
 * they name no file system for local files. They are read once in a JVM, for that takes tens of
 * milliseconds; who asks is given a copy.
 *
 * <p>A class and not a lambda: linking a lambda would load Hadoop's classes at once.
 */
public final class HadoopSettings implements Supplier<Configuration> {

  private static final class Loaded {
    static final Configuration SETTINGS = load();
  }

  private static Configuration load() {
    Configuration settings = new Configuration();
    // That of the thread may belong to a pipeline's jars, which are closed some day.
    settings.setClassLoader(HadoopSettings.class.getClassLoader());
    settings.setIfUnset("fs.file.impl", NioLocalFileSystem.class.getName());
    return settings;
  }

  @Override
  public Configuration get() {
    return new Configuration(Loaded.SETTINGS);
  }
}
