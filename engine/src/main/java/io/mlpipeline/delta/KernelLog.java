package io.mlpipeline.delta;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import org.apache.hadoop.conf.Configuration;

/** Everything that needs Kernel, behind one door, so that it is loaded only when it is needed. */
record KernelLog(KernelReads reads, KernelCommits commits) {

  static KernelLog open(Configuration given) {
    Configuration conf = new Configuration(given);
    conf.set("io.delta.kernel.logStore.file.impl", LinkLogStore.class.getName());
    // Hadoop's local file system keeps a checksum file beside each file; it goes stale when another
    // writer replaces the file, and then nobody can read it. Not from the cache: that is Spark's.
    conf.set("fs.file.impl", NioLocalFileSystem.Raw.class.getName());
    conf.setBoolean("fs.file.impl.disable.cache", true);
    Engine engine = DefaultEngine.create(conf);
    KernelReads reads = new KernelReads(conf, engine);
    return new KernelLog(reads, new KernelCommits(engine, reads));
  }
}
