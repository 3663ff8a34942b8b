package io.mlpipeline.spark.suggest;

import com.amazon.deequ.suggestions.ConstraintSuggestion;
import com.amazon.deequ.suggestions.ConstraintSuggestionRunner;
import com.amazon.deequ.suggestions.Rules;
import com.amazon.deequ.suggestions.rules.CategoricalRangeRule;
import com.amazon.deequ.suggestions.rules.NonNegativeNumbersRule;
import com.amazon.deequ.suggestions.rules.RetainTypeRule;
import com.amazon.deequ.suggestions.rules.UniqueIfApproximatelyUniqueRule;
import io.mlpipeline.spark.suggest.Profile.Kind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * What Deequ's own suggestions say of columns. Only what it judges well is asked of it: what a
 * category is, which texts are numbers, what cannot be negative, what may be a key. Its bounds are
 * those of the sample, its mean is the maximum, its ranges forget nulls, and it knows no dates.
 */
final class Hints {

  /** What may be asked of a column. */
  enum Hint {
    CATEGORY,
    NOT_NEGATIVE,
    UNIQUE,
    WHOLE_TEXT,
    FRACTION_TEXT,
    BOOLEAN_TEXT
  }

  private final Map<String, Set<Hint>> hints = new HashMap<>();

  private Hints() {}

  /** Looks at a part of the rows, which it reads several times. */
  static Hints of(Dataset<Row> sample) {
    Hints hints = new Hints();
    Column[] known =
        Arrays.stream(sample.schema().fields())
            .filter(field -> isKnown(Profiler.kind(field.dataType())))
            .filter(field -> field.name().matches("[^.`\"]+"))
            .map(field -> Profiler.named(field.name()))
            .toArray(Column[]::new);
    if (known.length == 0) {
      return hints;
    }
    Dataset<Row> kept = sample.select(known).localCheckpoint(true);
    var found =
        new ConstraintSuggestionRunner()
            .onData(kept)
            .addConstraintRules(Rules.DEFAULT())
            .run()
            .constraintSuggestions();
    Iterator<Tuple2<String, Seq<ConstraintSuggestion>>> each = found.iterator();
    while (each.hasNext()) {
      Tuple2<String, Seq<ConstraintSuggestion>> of = each.next();
      Iterator<ConstraintSuggestion> one = of._2().iterator();
      while (one.hasNext()) {
        hints.add(of._1(), one.next());
      }
    }
    return hints;
  }

  /** Deequ tells on standard output which other types it does not know. */
  private static boolean isKnown(Kind kind) {
    return kind == Kind.TEXT || kind == Kind.WHOLE || kind == Kind.FRACTION;
  }

  private void add(String column, ConstraintSuggestion suggestion) {
    Object rule = suggestion.suggestingRule();
    Set<Hint> of = hints.computeIfAbsent(column, name -> EnumSet.noneOf(Hint.class));
    if (rule instanceof CategoricalRangeRule) {
      of.add(Hint.CATEGORY);
    } else if (rule instanceof NonNegativeNumbersRule) {
      of.add(Hint.NOT_NEGATIVE);
    } else if (rule instanceof UniqueIfApproximatelyUniqueRule) {
      of.add(Hint.UNIQUE);
    } else if (rule instanceof RetainTypeRule) {
      String type = suggestion.currentValue();
      of.add(
          type.contains("Integral")
              ? Hint.WHOLE_TEXT
              : type.contains("Fractional") ? Hint.FRACTION_TEXT : Hint.BOOLEAN_TEXT);
    }
  }

  boolean has(String column, Hint hint) {
    return hints.getOrDefault(column, Set.of()).contains(hint);
  }
}
