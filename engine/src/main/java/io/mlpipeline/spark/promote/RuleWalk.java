package io.mlpipeline.spark.promote;

import io.mlpipeline.model.Suggestions;
import io.mlpipeline.spark.promote.NamedMetric.Root;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.analysis.Star;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedExtractValue;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.LeafExpression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.UnresolvedNamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * Goes through a parsed rule: collects the metrics that it names, and refuses all that is not an
 * expression over them. What is not known to be harmless is refused.
 */
final class RuleWalk {

  private static final String NAMES = "a metric such as candidate.auc_roc";

  private final SortedSet<NamedMetric> metrics = new TreeSet<>();
  private final Set<Fault> faults = new LinkedHashSet<>();
  private boolean seesSlices;

  SortedSet<NamedMetric> metrics() {
    return metrics;
  }

  List<Fault> faults() {
    return List.copyOf(faults);
  }

  boolean seesSlices() {
    return seesSlices;
  }

  void start(Expression rule) {
    walk(rule, Set.of());
  }

  private void walk(Expression node, Set<String> variables) {
    if (node instanceof UnresolvedAttribute attribute) {
      name(list(attribute.nameParts()), variables);
    } else if (node instanceof UnresolvedNamedLambdaVariable variable) {
      name(list(variable.nameParts()), variables);
    } else if (node instanceof LambdaFunction lambda) {
      walk(lambda.function(), with(variables, lambda));
    } else if (node instanceof UnresolvedExtractValue extract) {
      extract(extract, variables);
    } else {
      if (refuses(node)) {
        return;
      }
      list(node.children()).forEach(child -> walk(child, variables));
    }
  }

  private static Set<String> with(Set<String> variables, LambdaFunction lambda) {
    Set<String> all = new HashSet<>(variables);
    for (NamedExpression argument : list(lambda.arguments())) {
      all.add(argument.name().toLowerCase(Locale.ROOT));
    }
    return all;
  }

  /** Whether nothing below the node needs to be looked at any more. */
  private boolean refuses(Expression node) {
    String kind = node.getClass().getSimpleName();
    if (node instanceof SubqueryExpression) {
      return refuse("a rule holds no query", "compare metrics");
    }
    if (node instanceof AggregateFunction
        || node instanceof AggregateExpression
        || kind.contains("Window")) {
      return refuse("a rule sees one row, so it aggregates nothing", "for slices: forall, exists");
    }
    if (node instanceof Star || node instanceof Alias) {
      return refuse("a rule is a condition, without a name and without *", NAMES);
    }
    if (node instanceof UnresolvedFunction function) {
      Optional<Fault> fault = RuleFunctions.refusal(list(function.nameParts()));
      fault.ifPresent(faults::add);
      if (function.isDistinct() || function.filter().isDefined() || function.ignoreNulls()) {
        refuse("distinct, filter and ignore nulls belong to aggregates", null);
      }
      return fault.isPresent();
    }
    if (node instanceof LeafExpression && !(node instanceof Literal)) {
      return refuse(node.prettyName() + " may give another answer every time", "write a number");
    }
    return false;
  }

  private boolean refuse(String message, @Nullable String suggestion) {
    faults.add(new Fault(message, suggestion));
    return true;
  }

  /** {@code candidate['auc_roc']}, {@code slices[0].auc_roc}, {@code slices[0]}. */
  private void extract(UnresolvedExtractValue extract, Set<String> variables) {
    String field = text(extract.extraction());
    if (field == null) {
      walk(extract.child(), variables);
      walk(extract.extraction(), variables);
      return;
    }
    if (extract.child() instanceof UnresolvedAttribute attribute) {
      List<String> parts = new ArrayList<>(list(attribute.nameParts()));
      parts.add(field);
      name(parts, variables);
    } else if (extract.child() instanceof UnresolvedNamedLambdaVariable variable) {
      List<String> parts = new ArrayList<>(list(variable.nameParts()));
      parts.add(field);
      name(parts, variables);
    } else {
      metrics.add(NamedMetric.of(Root.SLICES, field));
      walk(extract.child(), variables);
    }
  }

  private static @Nullable String text(Expression expression) {
    return expression instanceof Literal literal && literal.value() instanceof UTF8String text
        ? text.toString()
        : null;
  }

  private void name(List<String> parts, Set<String> variables) {
    String written = String.join(".", parts);
    boolean isVariable = variables.contains(parts.get(0).toLowerCase(Locale.ROOT));
    Optional<Root> found = isVariable ? Optional.of(Root.SLICES) : Root.find(parts.get(0));
    if (found.isEmpty()) {
      String near = Suggestions.didYouMean(parts.get(0), Root.words());
      String all = "a rule sees candidate, champion, slices and latency";
      refuse("'" + written + "' is not known", near == null ? all : near);
      return;
    }
    Root root = found.get();
    seesSlices |= root == Root.SLICES && !isVariable;
    if (parts.size() == 2) {
      metrics.add(NamedMetric.of(root, parts.get(1)));
    } else if (parts.size() > 2 || root != Root.SLICES) {
      refuse("'" + written + "' names no metric", NAMES);
    }
  }

  private static <T> List<T> list(Seq<T> sequence) {
    List<T> all = new ArrayList<>(sequence.size());
    Iterator<T> each = sequence.iterator();
    while (each.hasNext()) {
      all.add(each.next());
    }
    return all;
  }
}
