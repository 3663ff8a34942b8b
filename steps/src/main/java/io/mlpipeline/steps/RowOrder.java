package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;

/**
 * Which of several rows stays.
 *
 * @param by what makes two rows one
 * @param keys the columns of the key; empty if the whole row is compared, or nothing
 * @param terms what decides between rows of one key, the most important first
 */
record RowOrder(Ingest.Deduplicate by, List<String> keys, List<Term> terms) {

  /** The direction that stays. */
  enum Direction {
    ASC,
    DESC
  }

  /** A column and the end of it that stays; a row without a value gives way to any other. */
  record Term(String column, Direction direction) {

    static Term of(String written) {
      String[] words = written.strip().split("\\s+", -1);
      String direction = words.length == 2 ? words[1] : "desc";
      boolean known = direction.equals("asc") || direction.equals("desc");
      if (words.length > 2 || !known) {
        throw new EngineException(
            ErrorType.CONFIG_INVALID,
            "params.order-by: '" + written + "' is no column with asc or desc behind it");
      }
      return new Term(words[0], direction.equals("asc") ? Direction.ASC : Direction.DESC);
    }
  }

  static RowOrder of(Ingest.Params params, List<String> keys) {
    List<Term> terms = params.orderBy().stream().map(Term::of).toList();
    boolean byKey = params.deduplicate() == Ingest.Deduplicate.BY_KEY;
    return new RowOrder(params.deduplicate(), byKey ? keys : List.of(), terms);
  }

  boolean isExact() {
    return by == Ingest.Deduplicate.EXACT;
  }

  /** Whether every row stays. */
  boolean isOff() {
    return !isExact() && keys.isEmpty();
  }

  /** The columns that rows are sorted by, for those who have them. */
  List<String> columns() {
    return terms.stream().map(Term::column).toList();
  }

  List<Column> sorting(Function<String, Column> columns) {
    List<Column> sorting = new ArrayList<>();
    for (Term term : terms) {
      Column column = columns.apply(term.column());
      sorting.add(
          term.direction() == Direction.ASC ? column.asc_nulls_last() : column.desc_nulls_last());
    }
    return sorting;
  }
}
