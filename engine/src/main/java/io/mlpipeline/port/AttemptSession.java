package io.mlpipeline.port;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Spark side of one attempt. Used by one thread, except {@link #cancel}. */
public interface AttemptSession extends AutoCloseable {

  /** What the step is given. */
  StepContext context();

  /**
   * Judges the inputs that have a gate, before the step reads them; one report an input. Rows that
   * break its quarantine rules are set apart, and the step does not see them.
   */
  List<GateReport> auditInputs();

  /** The rows that {@link #auditInputs} set apart, staged; tables without a port. */
  List<SetApart> inputsApart();

  /**
   * Writes what the step returned where it belongs, so that nobody can see it; enforces contracts
   * and keys.
   */
  Staged stage(StepOutput output);

  /** Gate and content digest of staged files, in one scan wherever the rules allow it. */
  Audited audit(StagedTable table, OutputSpec output);

  /**
   * Divides staged rows into those that break one of these rules and those that do not. The staged
   * files stay as they are.
   *
   * @param broken rules under {@code quarantine} of the output's gate
   */
  Sifted sift(StagedTable table, OutputSpec output, List<GateRule> broken);

  /** Looks at staged rows of the quarantine of an output. */
  SetApart inspect(StagedTable apart, OutputSpec output);

  /**
   * Puts a staged batch into a table: published rows with keys of the batch give way to it, all
   * others stay, and files in which there are none of the batch's keys stay as they are. The same
   * batch again gives the same rows.
   *
   * @param batch rows of the output, with nothing but their own columns
   * @param current the table as it is published
   * @throws io.mlpipeline.model.EngineException {@code CONTRACT_BROKEN} if the batch lacks columns
   *     of the table, or its types or null values do not go together with it
   */
  Merged merge(StagedTable batch, OutputSpec output, TableLog.Snapshot current);

  /**
   * Judges rows that were set apart once more, by the rules of now, and stages both those that hold
   * and those that do not.
   *
   * @param current the dataset as it is published
   * @param apart its quarantine as it is published
   * @param corrected where corrected rows are, a file or directory; null to judge the rows as they
   *     are
   */
  Readmission readmit(
      StagedTable current, StagedTable apart, OutputSpec output, @Nullable String corrected);

  /**
   * Brings the rows of a published table to the output's sink: all of them, in one transaction, or
   * none. What the sink received before is recognized and not sent again.
   *
   * @param table the files of the version
   * @param version what they are
   * @throws io.mlpipeline.model.EngineException {@code STORAGE_UNAVAILABLE}, {@code
   *     CREDENTIALS_INVALID}, {@code ACCESS_DENIED}, {@code CONTRACT_BROKEN} or {@code
   *     PUBLISH_CONFLICT}; the sink's table is as it was
   */
  Delivered deliver(StagedTable table, OutputSpec output, OutputVersion version);

  /** Removes staged files that will never be published; never fails for what is gone already. */
  void discard(StagedTable table);

  /** Stops the attempt's Spark jobs; from any thread. */
  void cancel();

  @Override
  void close();
}
