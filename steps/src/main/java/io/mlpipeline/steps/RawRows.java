package io.mlpipeline.steps;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;

/**
 * Rows as a reader gave them, before any contract is applied.
 *
 * @param rows the rows, with {@link SourceFiles#COLUMN} and the columns that the fields below name
 * @param columns the contract's columns in the contract's order, as they were read
 * @param broken not null where the reader could not make out the record
 * @param brokenReason what is wrong with such a record
 * @param record the record as text, for people; evaluated for bad records only
 */
record RawRows(
    Dataset<Row> rows, List<RawColumn> columns, Column broken, String brokenReason, Column record) {

  RawRows {
    columns = List.copyOf(columns);
  }

  /**
   * A column as it was read.
   *
   * @param name its name in {@link #rows}, safe without quotes
   * @param type the type it was read with
   */
  record RawColumn(String name, DataType type) {}
}
