package io.mlpipeline.port;

import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.QuarantineReport;
import io.mlpipeline.model.StagedTable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Staged rows of a quarantine, looked at.
 *
 * @param table the rows
 * @param digest {@code c1:...} over every column but those that name the run and the attempt, so
 *     that equal rows set apart twice are equal
 * @param schemaDigest hash over names, order and types of the columns
 * @param byRule how many broke each rule, by the rule's id
 * @param example one of them in words, without what identifies a person
 */
public record SetApart(
    StagedTable table,
    String digest,
    String schemaDigest,
    SortedMap<String, Long> byRule,
    String example) {

  public SetApart {
    byRule = Collections.unmodifiableSortedMap(new TreeMap<>(byRule));
  }

  public long rows() {
    return table.rows();
  }

  /** Where the first of the files lies, relative to the warehouse. */
  public String place() {
    return table.files().isEmpty() ? table.uri() : table.uri() + "/" + table.files().get(0).path();
  }

  /** As a gate reports it before it is published. */
  public QuarantineReport report() {
    return new QuarantineReport(rows(), byRule, null);
  }

  /** One of the rows. */
  public String words() {
    return "for instance " + example;
  }

  /** What it is once it is published. */
  public OutputVersion version(long version) {
    return OutputVersion.of(table, version, digest, schemaDigest, table.rows());
  }
}
