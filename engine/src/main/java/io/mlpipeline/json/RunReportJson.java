package io.mlpipeline.json;

import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.StepReport;

/**
 * The document that {@code run --output json} prints. Only written: scripts read it, we do not.
 *
 * <pre>
 * format, run_id, pipeline, environment, status, started, seconds,
 * steps[]: name, decision, reason, status, seconds, attempts, reused_from?, metrics{},
 *          outputs[]: name, kind, port, version, digest, schema_digest?, rows, bytes, uri
 *          gates[]: dataset, verdict, outcomes[]
 *          failure?
 * warehouse, receipt, failure?
 * </pre>
 */
public final class RunReportJson {

  private static final int FORMAT = 1;

  private RunReportJson() {}

  /** JSON for people and scripts, with a newline at its end. */
  public static byte[] write(RunReport report) {
    return JsonOut.pretty(
        out ->
            out.number("format", FORMAT)
                .text("run_id", report.runId().value())
                .text("pipeline", report.pipeline())
                .text("environment", report.environment())
                .text("status", report.status().word())
                .text("started", report.started().toString())
                .decimal("seconds", millis(report.seconds()))
                .array("steps", report.steps(), RunReportJson::step)
                .text("warehouse", report.warehouse())
                .text("receipt", report.receipt())
                .object("failure", report.failure(), FailureJson::body));
  }

  private static void step(JsonOut out, StepReport step) {
    out.text("name", step.name())
        .text("decision", step.decision())
        .text("reason", step.reason())
        .text("status", step.status().word())
        .decimal("seconds", millis(step.seconds()))
        .number("attempts", step.attempts())
        .text("reused_from", step.reusedFrom())
        .decimalMap("metrics", step.metrics())
        .array("outputs", step.outputs(), Forms::output)
        .array("gates", step.gates(), Forms::gate)
        .object("failure", step.failure(), FailureJson::body);
  }

  private static double millis(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }
}
