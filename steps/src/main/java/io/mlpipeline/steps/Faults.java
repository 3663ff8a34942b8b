package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * What is wrong with a row: a list of texts {@code rule TAB reason}, null for a good row. Made of
 * cheap conditions; the texts are put together for bad rows only.
 */
final class Faults {

  /** The column that holds the list. */
  static final String COLUMN = "_faults";

  private static final String TAB = "\t";
  private static final int SHOWN = 60;

  private final List<Column> texts = new ArrayList<>();
  private Column any = lit(false);

  /** A value that is not of its column's type. */
  void wrongType(Column condition, ContractColumn column, Column shown) {
    add(
        condition,
        concat(
            lit(rule(column, "type") + "column " + column.name() + ": '"),
            substring(shown, 1, SHOWN),
            lit("' is no " + column.type().simpleString())));
  }

  /** No value where one must be; {@code condition} may overlap with a wrong type. */
  void missing(Column condition, Column wrongType, ContractColumn column) {
    Column text =
        lit(
            rule(column, "not-null")
                + "column "
                + column.name()
                + ": no value, but the contract does not allow null");
    any = any.or(condition);
    texts.add(when(condition.and(coalesce(wrongType, lit(false)).equalTo(false)), text));
  }

  /** The list; a record that cannot be made out has that one fault. */
  Column list(Column broken, String brokenReason) {
    Column record = array(lit("contract-record" + TAB + brokenReason));
    Column none = when(broken.isNotNull(), record);
    return texts.isEmpty()
        ? none
        : none.when(any, array_compact(array(texts.toArray(Column[]::new))));
  }

  static Column isGood() {
    return col(COLUMN).isNull();
  }

  static Column isBad() {
    return col(COLUMN).isNotNull();
  }

  /** The ids of the rules that a bad row broke. */
  static Column rules() {
    return transform(col(COLUMN), fault -> substring_index(fault, TAB, 1));
  }

  /** What is wrong with it, for people. */
  static Column reason() {
    // From the first tab on: the value that is shown may hold others.
    return array_join(
        transform(
            col(COLUMN),
            fault ->
                fault.substr(
                    org.apache.spark.sql.functions.instr(fault, TAB).plus(1),
                    lit(Integer.MAX_VALUE))),
        "; ");
  }

  private void add(Column condition, Column text) {
    any = any.or(condition);
    texts.add(when(condition, text));
  }

  private static String rule(ContractColumn column, String what) {
    return "contract-" + column.name() + "-" + what + TAB;
  }
}
