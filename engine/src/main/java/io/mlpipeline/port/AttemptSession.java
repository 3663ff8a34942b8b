package io.mlpipeline.port;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import java.util.List;

/** The Spark side of one attempt. Used by one thread, except {@link #cancel}. */
public interface AttemptSession extends AutoCloseable {

  /** What the step is given. */
  StepContext context();

  /** Judges the inputs that have a gate, before the step reads them; one report an input. */
  List<GateReport> auditInputs();

  /**
   * Writes what the step returned where it belongs, so that nobody can see it; enforces contracts
   * and keys.
   */
  Staged stage(StepOutput output);

  /** Gate and content digest of staged files, in one scan wherever the rules allow it. */
  Audited audit(StagedTable table, OutputSpec output);

  /** Removes staged files that will never be published; never fails for what is gone already. */
  void discard(StagedTable table);

  /** Stops the attempt's Spark jobs; from any thread. */
  void cancel();

  @Override
  void close();
}
