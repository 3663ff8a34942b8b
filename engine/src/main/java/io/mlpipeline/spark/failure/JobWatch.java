package io.mlpipeline.spark.failure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.jspecify.annotations.Nullable;

/**
 * Watches what the jobs of attempts do, one watch a Spark application, so that a failure can be
 * told from the reports of its tasks. An attempt is known by its job group. Keeps a few numbers an
 * attempt, of the newest attempts only; safe for many threads.
 */
public final class JobWatch extends SparkListener {

  private static final int MOST_ATTEMPTS = 256;
  private static final int MOST_STAGES = 10_000;

  /** Spark tells its listeners a little later than the caller: how long to wait for that. */
  private static final long PATIENCE_MILLIS = 1_000;

  private static final Map<SparkContext, JobWatch> WATCHES = new WeakHashMap<>();

  private final Map<String, Activity> byAttempt = newest(MOST_ATTEMPTS);
  private final Map<Integer, Activity> byStage = newest(MOST_STAGES);
  private final Map<Integer, Activity> byJob = newest(MOST_STAGES);

  private JobWatch() {}

  /** Whether values of rows may be shown to whoever reads of a failure. */
  public enum Values {
    SHOWN,
    /** A contract of the step says that columns hold what identifies a person. */
    PERSONAL
  }

  /** The evidence that values must not be shown. */
  public static final String MASKED = "values";

  /** From now on this attempt is watched. */
  public static void watch(SparkContext sc, String attempt, Values values) {
    JobWatch watch;
    synchronized (WATCHES) {
      watch = WATCHES.get(sc);
      if (watch == null) {
        watch = new JobWatch();
        sc.addSparkListener(watch);
        WATCHES.put(sc, watch);
      }
    }
    synchronized (watch) {
      watch.byAttempt.put(attempt, new Activity(values));
    }
  }

  /** What was seen of an attempt, which is then forgotten; empty if nothing was. */
  public static SortedMap<String, String> evidence(String attempt) {
    List<JobWatch> all;
    synchronized (WATCHES) {
      all = List.copyOf(WATCHES.values());
    }
    for (JobWatch watch : all) {
      Activity activity = watch.take(attempt);
      if (activity != null) {
        return watch.settled(activity);
      }
    }
    return Collections.emptySortedMap();
  }

  private synchronized @Nullable Activity take(String attempt) {
    return byAttempt.remove(attempt);
  }

  /** Waits until the attempt's jobs have been reported as ended, but not for long. */
  private synchronized SortedMap<String, String> settled(Activity activity) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    boolean interrupted = false;
    while (!activity.openJobs.isEmpty() && System.nanoTime() < until) {
      try {
        wait(10);
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return activity.evidence();
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart start) {
    Activity activity = of(start.properties());
    if (activity != null) {
      activity.openJobs.add(start.jobId());
      byJob.put(start.jobId(), activity);
    }
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    Activity activity = of(submitted.properties());
    if (activity != null) {
      activity.started(submitted.stageInfo());
      byStage.put(submitted.stageInfo().stageId(), activity);
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    Activity activity = byStage.get(end.stageId());
    if (activity != null) {
      activity.ended(end);
    }
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd end) {
    Activity activity = byJob.remove(end.jobId());
    if (activity != null) {
      activity.openJobs.remove(end.jobId());
      notifyAll();
    }
  }

  private @Nullable Activity of(@Nullable Properties properties) {
    String group = properties == null ? null : properties.getProperty("spark.jobGroup.id");
    return group == null ? null : byAttempt.get(group);
  }

  private static <K, V> Map<K, V> newest(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }
}
