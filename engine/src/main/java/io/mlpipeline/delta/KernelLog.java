package io.mlpipeline.delta;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import org.apache.hadoop.conf.Configuration;

/** Everything that needs Kernel, behind one door, so that it is loaded only when it is needed. */
record KernelLog(KernelReads reads, KernelCommits commits) {

  static KernelLog open(Configuration given) {
    Configuration conf = NioLocalFileSystem.withoutChecksums(given);
    conf.set("io.delta.kernel.logStore.file.impl", LinkLogStore.class.getName());
    Engine engine = DefaultEngine.create(conf);
    KernelReads reads = new KernelReads(conf, engine);
    return new KernelLog(reads, new KernelCommits(engine, reads));
  }
}
