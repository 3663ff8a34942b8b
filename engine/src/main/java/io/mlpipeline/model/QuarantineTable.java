package io.mlpipeline.model;

/**
 * The table beside a dataset that holds the rows that were set apart: the dataset's columns, all
 * nullable, and these.
 */
public final class QuarantineTable {

  /** The ids of the rules that a row broke: {@code array<string>}. */
  public static final String RULES = "_rules";

  /** Why the step itself set the row apart; null if only rules of the gate did. */
  public static final String REASON = "_reason";

  /** The file that the row came from; null if nobody knows. */
  public static final String SOURCE_FILE = "_source_file";

  /** The record as it was read; null if nobody kept it. */
  public static final String RECORD = "_record";

  /** The run that set the row apart. */
  public static final String RUN = "_run";

  /** The attempt that set the row apart. */
  public static final String ATTEMPT = "_attempt";

  /** The id of the outcome that says what share was set apart. */
  public static final String SHARE_RULE = "max-quarantine";

  /** The id of the outcome that says whether every row that was read is accounted for. */
  public static final String ACCOUNT_RULE = "rows-accounted-for";

  private static final String SUFFIX = "__quarantine";

  private QuarantineTable() {}

  /** The name, or the URI, of the quarantine of a dataset of that name or URI. */
  public static String of(String dataset) {
    return dataset + SUFFIX;
  }

  /** Whether a name is reserved for the quarantine of another dataset. */
  public static boolean isReserved(String name) {
    return name.endsWith(SUFFIX);
  }
}
