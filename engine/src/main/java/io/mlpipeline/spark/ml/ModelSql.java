package io.mlpipeline.spark.ml;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedGenerator;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import scala.Product;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * Says whether the SQL of a model is a plain query over its own rows. Parsed as Spark will parse
 * it, so that no way of writing hides anything; never analyzed, let alone run.
 *
 * <p>Spark would run a command, start a script ({@code TRANSFORM ... USING}), write files and call
 * any Java method ({@code reflect}) that stands there.
 */
final class ModelSql {

  private static final String ROWS = "__THIS__";

  private static final Set<String> CALL_JAVA = Set.of("reflect", "try_reflect", "java_method");

  /** The parts of a query; commands, scripts and everything unheard of are none. */
  private static final Set<String> PARTS =
      Set.of(
          "Aggregate",
          "Deduplicate",
          "Distinct",
          "Except",
          "Filter",
          "Generate",
          "GlobalLimit",
          "Intersect",
          "Join",
          "LateralJoin",
          "LocalLimit",
          "Offset",
          "OneRowRelation",
          "Pivot",
          "Project",
          "RepartitionByExpression",
          "Sample",
          "Sort",
          "SubqueryAlias",
          "Union",
          "Unpivot",
          "UnresolvedHaving",
          "UnresolvedHint",
          "UnresolvedInlineTable",
          "UnresolvedRelation",
          "UnresolvedSubqueryColumnAliases",
          "UnresolvedWith",
          "Window",
          "WithWindowDefinition");

  private final SparkSession spark;

  ModelSql(SparkSession spark) {
    this.spark = spark;
  }

  /** What is wrong with a statement, to be read after "holds SQL that"; empty if nothing is. */
  Optional<String> findProblem(String statement) {
    LogicalPlan plan;
    try {
      plan = spark.sessionState().sqlParser().parsePlan(statement);
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      return Optional.of("Spark cannot parse");
    }
    Set<String> named = new HashSet<>();
    visit(plan, node -> addNames(node, named));
    String[] first = new String[1];
    visit(
        plan,
        node -> {
          if (first[0] == null) {
            first[0] = problem(node, named).orElse(null);
          }
        });
    return Optional.ofNullable(first[0]);
  }

  private static void addNames(Object node, Set<String> named) {
    if (node instanceof UnresolvedWith with) {
      for (Object entry : (Iterable<?>) java(with.cteRelations())) {
        named.add(((Tuple2<?, ?>) entry)._1().toString().toLowerCase(Locale.ROOT));
      }
    }
  }

  private static Optional<String> problem(Object node, Set<String> named) {
    if (node instanceof UnresolvedRelation relation) {
      String name = relation.multipartIdentifier().mkString(".");
      boolean own = name.equals(ROWS) || named.contains(name.toLowerCase(Locale.ROOT));
      return own
          ? Optional.empty()
          : Optional.of("reads " + name + ": a model sees the rows of " + ROWS + " only");
    }
    if (node instanceof UnresolvedFunction call) {
      return function(call.nameParts().mkString("."));
    }
    if (node instanceof UnresolvedGenerator call) {
      return function(call.name().unquotedString());
    }
    if (node instanceof LogicalPlan part && !PARTS.contains(part.getClass().getSimpleName())) {
      return Optional.of("is more than a query: " + part.nodeName());
    }
    return Optional.empty();
  }

  private static Optional<String> function(String name) {
    if (CALL_JAVA.contains(name.toLowerCase(Locale.ROOT))) {
      return Optional.of("may call Java: " + name);
    }
    return FunctionRegistry$.MODULE$.builtin().functionExists(new FunctionIdentifier(name))
        ? Optional.empty()
        : Optional.of("calls " + name + ", which is no function of Spark's own");
  }

  /** Every node of a plan, those of subqueries and of named queries included. */
  private static void visit(Object node, java.util.function.Consumer<Object> visitor) {
    visitor.accept(node);
    if (node instanceof Seq<?> elements) {
      elements(elements.iterator(), visitor);
    } else if (node instanceof Product product) {
      elements(product.productIterator(), visitor);
    }
  }

  private static void elements(Iterator<?> elements, java.util.function.Consumer<Object> visitor) {
    while (elements.hasNext()) {
      Object element = elements.next();
      if (element instanceof Product || element instanceof Seq<?>) {
        visit(element, visitor);
      }
    }
  }

  private static Iterable<?> java(Seq<?> elements) {
    return scala.collection.JavaConverters.asJavaIterable(elements);
  }
}
