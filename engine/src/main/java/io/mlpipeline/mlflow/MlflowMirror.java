package io.mlpipeline.mlflow;

import io.mlpipeline.model.MlflowSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunReport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows runs in MLflow, if their pipeline says {@code mlflow}. The receipt stays the truth:
 * whatever goes wrong here is one warning in the log, and it takes ten seconds at the most.
 *
 * <p>Only a run that computed or judged something is shown. Showing one twice shows it once.
 */
public final class MlflowMirror {

  private static final Logger LOG = LoggerFactory.getLogger(MlflowMirror.class);

  /** MLflow's client has no time limit of its own. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int LONGEST_PROBLEM = 300;

  private final MlflowSpec spec;
  private final Duration patience;

  MlflowMirror(MlflowSpec spec, Duration patience) {
    this.spec = spec;
    this.patience = patience;
  }

  /**
   * Shows a run that has ended. Never throws.
   *
   * @param facts what lineage says of the run besides
   */
  public static void show(PipelineSpec pipeline, RunReport report, Map<String, String> facts) {
    MlflowSpec spec = pipeline.mlflow();
    if (spec == null || report.steps().stream().noneMatch(step -> step.attempts() > 0)) {
      return;
    }
    String problem = new MlflowMirror(spec, PATIENCE).send(MirroredRun.of(pipeline, report, facts));
    if (problem == null) {
      LOG.info("run {} is mirrored to MLflow at {}", report.runId().value(), spec.trackingUri());
    } else {
      LOG.warn(
          "run {} is not mirrored to MLflow at {}, and is otherwise as it should be: {}",
          report.runId().value(),
          spec.trackingUri(),
          problem);
    }
  }

  /** Sends a run; null if it arrived, else what was wrong and what helps, in one line. */
  @Nullable String send(MirroredRun run) {
    AtomicReference<@Nullable TrackingServer> open = new AtomicReference<>();
    CompletableFuture<String> sent = new CompletableFuture<>();
    Thread thread = new Thread(() -> send(run, open, sent), "mlflow-mirror");
    thread.setDaemon(true);
    thread.start();
    try {
      sent.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return null;
    } catch (ExecutionException e) {
      return problem(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      abandon(thread, open.get());
      return "it did not answer within "
          + patience.toSeconds()
          + " s; look whether the server is up and can be reached from here";
    } catch (InterruptedException e) {
      abandon(thread, open.get());
      Thread.currentThread().interrupt();
      return "the process is being stopped";
    }
  }

  private void send(
      MirroredRun run,
      AtomicReference<@Nullable TrackingServer> open,
      CompletableFuture<String> sent) {
    try (TrackingServer server = new TrackingServer(spec)) {
      open.set(server);
      sent.complete(server.put(run));
    } catch (RuntimeException | LinkageError e) {
      sent.completeExceptionally(e);
    }
  }

  private static void abandon(Thread thread, @Nullable TrackingServer server) {
    thread.interrupt();
    if (server != null) {
      server.close();
    }
  }

  private static String problem(Throwable thrown) {
    if (thrown instanceof LinkageError) {
      return "MLflow's client is on no class path; give spark-submit"
          + " --packages org.mlflow:mlflow-client:2.17.2";
    }
    Throwable root = thrown;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String text = String.valueOf(root.getMessage()).replaceAll("\\s+", " ").strip();
    return MlflowNames.cut(text, LONGEST_PROBLEM) + remedy(text);
  }

  private static String remedy(String text) {
    return text.matches(".*\\b(401|403)\\b.*")
        ? "; set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
        : "; look at mlflow.tracking-uri and at the server";
  }
}
