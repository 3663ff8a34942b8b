package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.replace;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/**
 * How texts in files stand for values: what stands for null, how dates and numbers are written.
 * What is not declared here is not understood, so that nothing is guessed.
 */
final class ValueRules {

  private static final List<String> NUMBER_KEYS = List.of("currency", "decimal", "thousands");
  private static final String SIGNS = "^([+-]?)\\s*\\p{Sc}\\s*([+-]?)|\\s*\\p{Sc}$";

  private final List<String> nulls;
  private final Map<String, List<String>> formats = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final String thousands;
  private final String decimal;
  private final boolean currency;
  private final RawOptions options;

  private ValueRules(
      List<String> nulls,
      Map<String, List<String>> formats,
      Map<String, String> numbers,
      RawOptions options) {
    this.nulls = nulls;
    this.formats.putAll(formats);
    this.thousands = numbers.getOrDefault("thousands", "");
    this.decimal = numbers.getOrDefault("decimal", ".");
    this.currency = flag(numbers.getOrDefault("currency", "false"));
    this.options = options;
  }

  /** Checks what was written; columns are those of the contract. */
  static ValueRules of(Ingest.Params params, RawOptions options, List<ContractColumn> contract) {
    for (String key : params.numbers().keySet()) {
      if (!NUMBER_KEYS.contains(key)) {
        throw invalid(
            "params.numbers has no '" + key + "'" + Suggestions.didYouMean(key, NUMBER_KEYS));
      }
    }
    ValueRules rules =
        new ValueRules(params.nullValues(), params.formats(), params.numbers(), options);
    if (rules.decimal.length() != 1
        || rules.thousands.length() > 1
        || rules.decimal.equals(rules.thousands)) {
      throw invalid("params.numbers: thousands and decimal must be two different characters");
    }
    params.formats().forEach((column, patterns) -> check(column, patterns, contract));
    return rules;
  }

  private static void check(String name, List<String> patterns, List<ContractColumn> contract) {
    List<String> dated =
        contract.stream()
            .filter(c -> StrictCast.hasFormat(c.raw()))
            .map(ContractColumn::name)
            .toList();
    if (dated.stream().noneMatch(name::equalsIgnoreCase)) {
      throw invalid(
          "params.formats: '%s' is no date or timestamp of the contract%s"
              .formatted(name, Suggestions.didYouMean(name, dated)));
    }
    for (String pattern : patterns) {
      try {
        if (!pattern.equals(StrictCast.ISO)) {
          new DateTimeFormatterBuilder().appendPattern(pattern);
        }
      } catch (IllegalArgumentException e) {
        throw invalid(
            "params.formats.%s: '%s' is no pattern: %s".formatted(name, pattern, e.getMessage()));
      }
    }
  }

  /** The patterns of one column; empty means ISO. */
  List<String> formats(ContractColumn column) {
    String general =
        column.raw() instanceof DateType ? options.dateFormat() : options.timestampFormat();
    return formats.getOrDefault(column.name(), general.isEmpty() ? List.of() : List.of(general));
  }

  /** Whether any column is read by a pattern. */
  boolean hasFormats() {
    return !formats.isEmpty()
        || !options.dateFormat().isEmpty()
        || !options.timestampFormat().isEmpty();
  }

  /** The value, or null where its text stands for that. */
  Column known(String name, DataType from, DataType to) {
    if (nulls.isEmpty() || !(from instanceof StringType)) {
      return col(name);
    }
    Column text = to instanceof StringType ? col(name) : trim(col(name));
    return when(text.isin(nulls.toArray()).equalTo(false), col(name));
  }

  /** Whether numbers need {@link #plain}. */
  boolean rewritesNumbers(DataType from, DataType to) {
    boolean declared = currency || !thousands.isEmpty() || !decimal.equals(".");
    return declared && from instanceof StringType && to instanceof NumericType;
  }

  /** A number as Spark writes it; what is not written as declared becomes no number. */
  Column plain(String name) {
    Column text = trim(col(name));
    if (currency) {
      text = regexp_replace(text, SIGNS, "$1$2");
    }
    if (!thousands.isEmpty()) {
      String groups =
          "^[+-]?[0-9]{1,3}(%s[0-9]{3})+(%s[0-9]*)?$"
              .formatted(Pattern.quote(thousands), Pattern.quote(decimal));
      Column grouped = text.rlike(groups);
      text = when(grouped, replace(text, lit(thousands), lit(""))).otherwise(text);
    }
    return decimal.equals(".")
        ? text
        : when(text.contains(".").equalTo(false), replace(text, lit(decimal), lit(".")));
  }

  private static boolean flag(String written) {
    return switch (written) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid("params.numbers.currency must be true or false");
    };
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, message);
  }
}
