package io.mlpipeline.run;

import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.Audited;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets attempts at partitions of one step publish one after the other, each on top of what the one
 * before it left: they make different partitions, so that none undoes another. What comes before
 * publishing goes on beside.
 */
final class PartitionTurns {

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable OutputVersion version;
  private @Nullable PartitionSet set;
  private StepRunner.@Nullable Ended last;

  /** Waits for its turn; it must be {@link #end ended}. */
  AttemptCall begin(AttemptCall call) {
    lock.lock();
    PartitionWork work = call.partitions();
    PartitionSet now = set;
    return work == null || now == null ? call : call.making(work.on(version, now));
  }

  /** The heads that nobody else may have moved: the first turn's, and then what we published. */
  Map<String, Long> bases(Map<String, Long> first) {
    OutputVersion ours = version;
    return ours == null ? first : Map.of(ours.uri(), ours.version());
  }

  /** What is published now. */
  void published(StepRunner.Ended ended, List<Audited> audits) {
    if (ended.outputs().size() == 1 && audits.size() == 1) {
      version = ended.outputs().get(0);
      set = audits.get(0).partitions();
      last = ended;
    }
  }

  /** The last that was published; null if nothing was. */
  StepRunner.@Nullable Ended last() {
    return last;
  }

  void end() {
    if (lock.isHeldByCurrentThread()) {
      lock.unlock();
    }
  }
}
