package io.mlpipeline.model;

import java.util.Locale;

/** The closed list of what can go wrong: meaning, retryability and remedy of each. */
public enum ErrorType {
  CONFIG_INVALID(
      ErrorCategory.CONFIG,
      "The pipeline file, an overlay, a schema, a gate or an option is wrong.",
      "Correct the lines that the report names; `mlpipeline validate` shows all of them."),
  STEP_CLASS_INVALID(
      ErrorCategory.CONFIG,
      "A step's class is absent, is no step, or throws in its constructor.",
      "Check `uses`, and that `jars` or --jars holds the class."),
  INPUT_MISSING(
      ErrorCategory.STEP,
      "An input that the pipeline needs is not there, is empty, or cannot be read.",
      "Check the location in the message; the input may be late."),
  INPUT_STALE(
      ErrorCategory.STEP,
      "The newest file of an input is older than its `max-age`.",
      "Wait for the source, or raise `max-age`."),
  INPUT_GONE(
      ErrorCategory.STEP,
      "A pinned version or file went away while the run needed it.",
      "Run again: the inputs are pinned anew. If VACUUM took it, raise the table's retention."),
  CONTRACT_BROKEN(
      ErrorCategory.STEP,
      "Data does not have the columns, types, nullability or keys of its contract.",
      "Correct the step or the source, or publish a new version of the schema."),
  GATE_REJECTED(
      ErrorCategory.REJECTED,
      "A rule under `block` does not hold, so nothing was published.",
      "Look at the kept rows (`mlpipeline runs show RUN`), then correct the data or the rule."),
  STEP_FAILED(
      ErrorCategory.STEP,
      "The step's own code threw, or returned something that cannot be published.",
      "Read the message and the first frame of the step; `-v` shows the whole trace."),
  NOT_DETERMINISTIC(
      ErrorCategory.STEP,
      "A step uses time or randomness without saying so.",
      "Pass the time as a param, or declare the step non-deterministic."),
  TIMED_OUT(
      ErrorCategory.TRANSIENT,
      "An attempt took longer than `runtime.timeout`.",
      "Raise `timeout`, or look for skew."),
  OUT_OF_MEMORY(
      ErrorCategory.TRANSIENT,
      "The driver's JVM ran out of memory; with a local master that is where tasks run, too.",
      "Give it more (MLPIPELINE_OPTS=-Xmx8g, or spark.driver.memory), collect less in the step, or"
          + " let a retry divide the work (`runtime.on-oom`)."),
  EXECUTOR_OUT_OF_MEMORY(
      ErrorCategory.TRANSIENT,
      "An executor's JVM ran out of memory in a task.",
      "Divide the work (`runtime.on-oom { shuffle-partitions: x2 }`), look for skew, or raise"
          + " spark.executor.memory."),
  CONTAINER_KILLED(
      ErrorCategory.TRANSIENT,
      "An executor was killed from outside, as a rule because its process needed more memory than"
          + " its container may have.",
      "Raise spark.executor.memoryOverhead, or divide the work (`runtime.on-oom`)."),
  EXECUTOR_LOST(
      ErrorCategory.TRANSIENT,
      "An executor died or did not answer any more.",
      "Usually preemption: a retry helps. If it repeats, look at the executor's log."),
  FETCH_FAILED(
      ErrorCategory.TRANSIENT,
      "Rows that an executor kept for others could not be fetched, and making them again did not"
          + " help.",
      "A retry makes them anew. If it repeats: executors die (memory), or the network fails; an"
          + " external shuffle service keeps the rows."),
  RUN_LOST(
      ErrorCategory.TRANSIENT,
      "The driver of a run died: it gave no sign of life, and its lease is over.",
      "Run again, or resume it: what was published is reused."),
  STORAGE_UNAVAILABLE(
      ErrorCategory.TRANSIENT,
      "The store or the database answered late, with an error, or not at all.",
      "Retry; look at the store's status."),
  STORAGE_THROTTLED(
      ErrorCategory.TRANSIENT,
      "The store asked to be left alone for a while (503 SlowDown, 429).",
      "A retry with a longer `backoff` helps; else fewer steps at a time (--parallel), or fewer"
          + " and larger files."),
  STORAGE_CORRUPT(
      ErrorCategory.ENVIRONMENT,
      "A file of a table, a log or a model is damaged or missing.",
      "Restore the file that the message names, or run the producing step with --force."),
  DISK_FULL(
      ErrorCategory.ENVIRONMENT,
      "No room is left on a disk.",
      "Free room for the warehouse, or where Spark spills (java.io.tmpdir), then run again."),
  ACCESS_DENIED(
      ErrorCategory.ENVIRONMENT,
      "The user who runs this may not read or write there.",
      "Grant the permission, or choose another --warehouse."),
  CREDENTIALS_INVALID(
      ErrorCategory.ENVIRONMENT,
      "The credentials for a store or a database are missing, wrong or expired.",
      "Renew them where the run starts; `mlpipeline doctor` shows if the store answers."),
  ENVIRONMENT_INVALID(
      ErrorCategory.ENVIRONMENT,
      "The JDK, Spark, a setting or the store cannot do what a safe run needs.",
      "`mlpipeline doctor` says what is missing."),
  PUBLISH_CONFLICT(
      ErrorCategory.CONFLICT,
      "Somebody else wrote to the table between planning and publishing.",
      "Run again: the plan is made anew from what is there now."),
  PUBLISH_UNKNOWN(
      ErrorCategory.UNKNOWN_OUTCOME,
      "A publish was sent and no answer came: it may or may not have happened.",
      "Touch nothing; look at the table's log for the attempt that the message names, then run."),
  LEASE_HELD(
      ErrorCategory.CONFLICT,
      "Another run of this pipeline is going on in this warehouse; nothing was done.",
      "Wait for it (`run --wait`, or `--wait=10m` for no longer than that), or stop it. A run that"
          + " died is noticed by itself."),
  LEASE_LOST(
      ErrorCategory.CONFLICT,
      "A run gave no sign of life for so long that another one took over, or somebody abandoned"
          + " it; it published nothing after that.",
      "`mlpipeline runs list` tells who took over; run again if something is left to do."),
  SKEW(
      ErrorCategory.REJECTED,
      "Rows to be scored are not as those that the model learned from: made by other code or"
          + " params, or distributed otherwise.",
      "Correct the rows, train anew on such rows, or let the step score pass them with `skew:"
          + " warn`."),
  PROMOTION_REFUSED(
      ErrorCategory.REJECTED,
      "A model version may not come further: a rule does not hold, evidence is missing or old, or"
          + " somebody rejected it.",
      "`mlpipeline models promote ... --dry-run` shows each rule with what was measured; run the"
          + " pipeline to measure anew."),
  APPROVAL_MISSING(
      ErrorCategory.WAITING,
      "A model version keeps every rule, and nobody who may has vouched for it yet.",
      "Have it approved by the person that the message asks for, then promote again."),
  MODEL_CONFLICT(
      ErrorCategory.CONFLICT,
      "Somebody else changed the model's place at the same time.",
      "`mlpipeline models history NAME` shows who did what; decide again from there."),
  CANCELLED(
      ErrorCategory.CANCELLED,
      "The run was stopped from outside.",
      "Run again: what was published is reused."),
  INTERNAL_ERROR(
      ErrorCategory.INTERNAL,
      "A bug in MLPipeline.",
      "Report it with the log file; `-v` shows the trace.");

  private final ErrorCategory category;
  private final String meaning;
  private final String remedy;

  ErrorType(ErrorCategory category, String meaning, String remedy) {
    this.category = category;
    this.meaning = meaning;
    this.remedy = remedy;
  }

  public ErrorCategory category() {
    return category;
  }

  public String meaning() {
    return meaning;
  }

  public String remedy() {
    return remedy;
  }

  /** Whether another attempt may help with nothing changed. */
  public boolean retryable() {
    return category == ErrorCategory.TRANSIENT;
  }

  /** Whether memory ran out, so that dividing the work may help. */
  public boolean isOfMemory() {
    return this == OUT_OF_MEMORY || this == EXECUTOR_OUT_OF_MEMORY || this == CONTAINER_KILLED;
  }

  /** The name in records and docs, such as {@code gate-rejected}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
