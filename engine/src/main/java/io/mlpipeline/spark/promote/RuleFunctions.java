package io.mlpipeline.spark.promote;

import io.mlpipeline.model.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.Iterator;

/** Which of Spark's functions a rule may call: those that look at nothing but their arguments. */
final class RuleFunctions {

  private static final Set<String> GROUPS =
      Set.of(
          "",
          "array_funcs",
          "bitwise_funcs",
          "collection_funcs",
          "conditional_funcs",
          "conversion_funcs",
          "lambda_funcs",
          "map_funcs",
          "math_funcs",
          "predicate_funcs",
          "string_funcs",
          "struct_funcs");

  private static final Set<String> BY_CHANCE = Set.of("rand", "randn", "random", "shuffle");

  private RuleFunctions() {}

  /** Why a rule may not call this; empty if it may. */
  static Optional<Fault> refusal(List<String> nameParts) {
    String name = String.join(".", nameParts).toLowerCase(Locale.ROOT);
    String group = nameParts.size() == 1 ? group(name) : null;
    if (group == null) {
      return fault("there is no function " + name + " in Spark SQL", nearest(name));
    }
    if (BY_CHANCE.contains(name)) {
      return fault(name + " gives another answer every time", "compare with a number");
    }
    return switch (group) {
      case "agg_funcs" ->
          fault(
              name + " aggregates rows, and a rule sees one", "for slices: forall, exists, filter");
      case "datetime_funcs" -> fault(name + " is about time, metrics are numbers", null);
      default ->
          GROUPS.contains(group)
              ? Optional.empty()
              : fault(name + " is not for rules: they compare metrics and have no effect", null);
    };
  }

  private static Optional<Fault> fault(String message, @Nullable String suggestion) {
    return Optional.of(new Fault(message, suggestion));
  }

  /** Null if Spark itself has no such function: what somebody registered does not count. */
  private static @Nullable String group(String name) {
    Option<ExpressionInfo> info =
        FunctionRegistry$.MODULE$.builtin().lookupFunction(FunctionIdentifier.apply(name));
    return info.isEmpty() ? null : info.get().getGroup();
  }

  private static @Nullable String nearest(String name) {
    List<String> known = new ArrayList<>();
    Iterator<FunctionIdentifier> each =
        ((FunctionRegistry) FunctionRegistry$.MODULE$.builtin()).listFunction().iterator();
    while (each.hasNext()) {
      String one = each.next().funcName();
      if (one.matches("[a-z0-9_]+")) {
        known.add(one);
      }
    }
    known.sort(null);
    return Suggestions.didYouMean(name, known);
  }
}
