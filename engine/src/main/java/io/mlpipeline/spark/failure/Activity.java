package io.mlpipeline.spark.failure;

import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.FetchFailed;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.jspecify.annotations.Nullable;

/** What the jobs of one attempt did: sums, and its last failed task. Guarded by its watch. */
final class Activity {

  private static final int LONGEST = 500;

  final Set<Integer> openJobs = new HashSet<>();
  private final JobWatch.Values values;
  private @Nullable String stage;
  private @Nullable String stageName;
  private long tasks;
  private long failedTasks;
  private long rowsRead;
  private long bytesRead;
  private long shuffleBytesRead;
  private long rowsWritten;
  private long spilled;
  private long gcMillis;
  private long peakExecution;
  private long peakHeap;
  private final SortedMap<String, String> lastFailure = new TreeMap<>();

  Activity(JobWatch.Values values) {
    this.values = values;
  }

  void started(StageInfo info) {
    stage = info.stageId() + "." + info.attemptNumber();
    stageName = info.name();
  }

  void ended(SparkListenerTaskEnd end) {
    tasks++;
    TaskMetrics metrics = end.taskMetrics();
    if (metrics != null) {
      add(metrics);
    }
    ExecutorMetrics executor = end.taskExecutorMetrics();
    if (executor != null) {
      peakHeap = Math.max(peakHeap, executor.getMetricValue("JVMHeapMemory"));
    }
    if (end.reason() instanceof TaskFailedReason failed && !(failed instanceof TaskKilled)) {
      failedTasks++;
      failed(end, failed);
    }
  }

  private void add(TaskMetrics metrics) {
    rowsRead += metrics.inputMetrics().recordsRead();
    bytesRead += metrics.inputMetrics().bytesRead();
    shuffleBytesRead += metrics.shuffleReadMetrics().totalBytesRead();
    rowsWritten += metrics.outputMetrics().recordsWritten();
    spilled += metrics.diskBytesSpilled();
    gcMillis += metrics.jvmGCTime();
    peakExecution = Math.max(peakExecution, metrics.peakExecutionMemory());
  }

  private void failed(SparkListenerTaskEnd end, TaskEndReason reason) {
    TaskInfo info = end.taskInfo();
    lastFailure.clear();
    lastFailure.put("spark-stage", end.stageId() + "." + end.stageAttemptId());
    if (info != null) {
      lastFailure.put("spark-task", info.index() + "." + info.attemptNumber());
      lastFailure.put("executor", info.executorId() + " on " + info.host());
    }
    if (reason instanceof ExecutorLostFailure lost) {
      lastFailure.put("task-failure", "executor-lost");
      String why = lost.reason().isDefined() ? lost.reason().get() : "no reason given";
      lastFailure.put("executor-exit", bounded(why));
    } else if (reason instanceof FetchFailed) {
      lastFailure.put("task-failure", "fetch-failed");
    } else if (reason instanceof ExceptionFailure thrown) {
      lastFailure.put("task-failure", thrown.className());
    } else {
      lastFailure.put("task-failure", reason.getClass().getSimpleName().replace("$", ""));
    }
  }

  SortedMap<String, String> evidence() {
    SortedMap<String, String> map = new TreeMap<>();
    if (values == JobWatch.Values.PERSONAL) {
      map.put(JobWatch.MASKED, "masked, for a contract of the step has columns with pii");
    }
    if (stage != null) {
      map.put("spark-stage", stage);
    }
    if (stageName != null) {
      map.put("spark-stage-name", bounded(stageName));
    }
    put(map, "tasks", tasks);
    put(map, "failed-tasks", failedTasks);
    put(map, "rows-read", rowsRead);
    put(map, "bytes-read", bytesRead);
    put(map, "shuffle-bytes-read", shuffleBytesRead);
    put(map, "rows-written", rowsWritten);
    put(map, "bytes-spilled", spilled);
    put(map, "gc-milliseconds", gcMillis);
    put(map, "peak-execution-bytes", peakExecution);
    put(map, "peak-heap-bytes", peakHeap);
    map.putAll(lastFailure);
    return map;
  }

  private static void put(SortedMap<String, String> map, String name, long value) {
    if (value > 0) {
      map.put(name, Long.toString(value));
    }
  }

  private static String bounded(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
