package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRule;

/**
 * What a rule against another dataset compares.
 *
 * @param dataset the other dataset; null if the rule names none
 * @param keys columns that tell which rows belong together
 * @param values columns that are compared
 * @param functions what is computed of the value columns first: of ours, of theirs
 */
record Comparison(
    @Nullable String dataset, List<Pair> keys, List<Pair> values, List<String> functions) {

  /** A column of the judged rows and the column of the other dataset that it is compared with. */
  record Pair(String mine, String theirs) {}

  static final Set<String> TYPES =
      Set.of(
          "RowCountMatch", "ReferentialIntegrity", "DatasetMatch", "SchemaMatch", "AggregateMatch");

  /** The aggregates that AggregateMatch compares. */
  static final List<String> AGGREGATES = List.of("sum", "avg", "min", "max", "count");

  private static final Pattern THEIRS = Pattern.compile("([^.]+)\\.(?:\\{(.+)}|(.+))");
  private static final Pattern AGGREGATE = Pattern.compile("(\\w+)\\((.+)\\)");

  Comparison {
    keys = List.copyOf(keys);
    values = List.copyOf(values);
    functions = List.copyOf(functions);
  }

  static boolean isOf(DQRule rule) {
    return TYPES.contains(rule.getRuleType());
  }

  /** Reads the parameters of a rule; empty if they have not the form that {@link #form} tells. */
  static Optional<Comparison> of(DQRule rule) {
    String dataset = RuleLeaves.parameter(rule, "ReferenceDatasetAlias").strip();
    return switch (rule.getRuleType()) {
      case "ReferentialIntegrity" -> integrity(rule);
      case "AggregateMatch" -> aggregates(rule);
      case "DatasetMatch" ->
          Optional.of(
                  new Comparison(
                      dataset,
                      mapped(RuleLeaves.parameter(rule, "KeyColumnMappings")),
                      mapped(RuleLeaves.parameter(rule, "MatchColumnMappings")),
                      List.of()))
              .filter(found -> !found.keys().isEmpty());
      default -> Optional.of(new Comparison(dataset, List.of(), List.of(), List.of()));
    };
  }

  /** How a rule of a type is written. */
  static String form(String type) {
    return switch (type) {
      case "ReferentialIntegrity" ->
          "ReferentialIntegrity \"id\" \"customers.id\" >= 1.0, or \"id,k\" \"customers.{id,k}\"";
      case "AggregateMatch" ->
          "AggregateMatch \"sum(paid)\" \"sum(orders.paid)\" >= 0.99, with "
              + String.join(", ", AGGREGATES);
      default -> "DatasetMatch \"orders\" \"id->order_id\" \"paid,day\" >= 0.99";
    };
  }

  /** The columns of the judged rows that the rule names. */
  List<String> mine() {
    List<String> all = new ArrayList<>();
    keys.forEach(pair -> all.add(pair.mine()));
    values.stream()
        .limit(dataset == null ? 2 : values.size())
        .forEach(pair -> all.add(pair.mine()));
    return all;
  }

  private static Optional<Comparison> integrity(DQRule rule) {
    List<String> mine = names(RuleLeaves.parameter(rule, "PrimaryDatasetColumns"));
    Matcher form = THEIRS.matcher(RuleLeaves.parameter(rule, "ReferenceDatasetColumns").strip());
    if (!form.matches()) {
      return Optional.empty();
    }
    List<String> theirs = form.group(2) == null ? List.of(form.group(3)) : names(form.group(2));
    if (mine.isEmpty() || mine.size() != theirs.size()) {
      return Optional.empty();
    }
    List<Pair> keys = new ArrayList<>();
    for (int i = 0; i < mine.size(); i++) {
      keys.add(new Pair(mine.get(i), theirs.get(i)));
    }
    return Optional.of(new Comparison(form.group(1).strip(), keys, List.of(), List.of()));
  }

  /** The second is of the other dataset if a dataset's name stands before the column's. */
  private static Optional<Comparison> aggregates(DQRule rule) {
    Matcher mine = AGGREGATE.matcher(RuleLeaves.parameter(rule, "AggregateExpression1").strip());
    Matcher theirs = AGGREGATE.matcher(RuleLeaves.parameter(rule, "AggregateExpression2").strip());
    if (!mine.matches() || !theirs.matches()) {
      return Optional.empty();
    }
    List<String> functions =
        List.of(mine.group(1).toLowerCase(Locale.ROOT), theirs.group(1).toLowerCase(Locale.ROOT));
    if (!AGGREGATES.containsAll(functions)) {
      return Optional.empty();
    }
    Matcher other = THEIRS.matcher(theirs.group(2));
    if (!other.matches()) {
      String column = theirs.group(2).strip();
      List<Pair> own = List.of(new Pair(mine.group(2).strip(), ""), new Pair(column, column));
      return Optional.of(new Comparison(null, List.of(), own, functions));
    }
    Pair pair = new Pair(mine.group(2).strip(), theirs.group(2).substring(other.end(1) + 1));
    return Optional.of(new Comparison(other.group(1).strip(), List.of(), List.of(pair), functions));
  }

  private static List<Pair> mapped(String text) {
    return names(text).stream()
        .map(
            name -> {
              int arrow = name.indexOf("->");
              return arrow < 0
                  ? new Pair(name, name)
                  : new Pair(name.substring(0, arrow).strip(), name.substring(arrow + 2).strip());
            })
        .toList();
  }

  private static List<String> names(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }
}
