package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.analysis.NamedParameter;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.CallMethodViaReflection;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CurrentCatalog;
import org.apache.spark.sql.catalyst.expressions.CurrentDatabase;
import org.apache.spark.sql.catalyst.expressions.CurrentDate;
import org.apache.spark.sql.catalyst.expressions.CurrentTimestampLike;
import org.apache.spark.sql.catalyst.expressions.CurrentUser;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.LocalTimestamp;
import org.apache.spark.sql.catalyst.expressions.Nondeterministic;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import org.apache.spark.sql.catalyst.plans.logical.ScriptTransformation;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** What a query of a step must not do: write, run programs, read elsewhere, look at the clock. */
final class SqlChecks {

  private static final Set<String> REFLECTION = Set.of("reflect", "java_method", "try_reflect");
  private static final String MOMENTS = "now|today|tomorrow|yesterday";
  private static final Pattern MOMENT =
      Pattern.compile("\\s*(" + MOMENTS + ")\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** {@code date 'today'}: the parser makes a plain literal of it, so only the text shows it. */
  private static final Pattern MOMENT_LITERAL =
      Pattern.compile(
          "\\b(date|timestamp|timestamp_ltz|timestamp_ntz)\\s*(['\"])\\s*(" + MOMENTS + ")\\b",
          Pattern.CASE_INSENSITIVE);

  private SqlChecks() {}

  /** Refuses what is no query, and tables that are no inputs. */
  static void checkParsed(LogicalPlan parsed, Set<String> inputs) {
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(inputs);
    List<UnresolvedRelation> relations = new ArrayList<>();
    SqlWalk.visit(
        parsed,
        node -> {
          refuseCommands(node);
          refuseReflection(node);
          if (node instanceof UnresolvedWith with) {
            List<SubqueryAlias> named = commonTables(with);
            named.forEach(n -> known.add(n.alias()));
          } else if (node instanceof UnresolvedRelation relation) {
            relations.add(relation);
          }
          return true;
        });
    for (UnresolvedRelation relation : relations) {
      String name = relation.tableName();
      if (relation.multipartIdentifier().size() != 1 || !known.contains(unquoted(name))) {
        throw new EngineException(
            ErrorType.CONFIG_INVALID,
            "the query reads %s, which is no input of this step%s"
                .formatted(name, Suggestions.didYouMean(unquoted(name), inputs)));
      }
    }
  }

  /** The names of {@code :name} in the query. */
  static Set<String> parameters(LogicalPlan parsed) {
    Set<String> names = new TreeSet<>();
    SqlWalk.visit(
        parsed,
        node -> {
          if (node instanceof NamedParameter parameter) {
            names.add(parameter.name());
          }
          return true;
        });
    return names;
  }

  /** Refuses time, randomness and surroundings; inputs are not looked into. */
  static void checkDeterministic(String text, LogicalPlan analyzed) {
    java.util.regex.Matcher moment = MOMENT_LITERAL.matcher(text);
    if (moment.find()) {
      throw notDeterministic(moment.group());
    }
    SqlWalk.visit(
        analyzed,
        node -> {
          if (node instanceof Expression expression && varies(expression)) {
            throw notDeterministic(expression.prettyName());
          }
          return !(node instanceof View);
        });
  }

  private static void refuseCommands(TreeNode<?> node) {
    if (node instanceof Command
        || node instanceof ParsedStatement
        || node instanceof ScriptTransformation) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "the query holds a %s; a step returns rows, so only a query may stand there"
              .formatted(node.nodeName()));
    }
  }

  private static void refuseReflection(TreeNode<?> node) {
    boolean named =
        node instanceof UnresolvedFunction function
            && REFLECTION.contains(function.nameParts().last().toString().toLowerCase(Locale.ROOT));
    if (named || node instanceof CallMethodViaReflection) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "the query calls Java methods by name, which no query may; write a step in Java");
    }
  }

  private static boolean varies(Expression expression) {
    return expression instanceof Nondeterministic
        || expression instanceof CurrentDate
        || expression instanceof CurrentTimestampLike
        || expression instanceof LocalTimestamp
        || expression instanceof CurrentUser
        || expression instanceof CurrentDatabase
        || expression instanceof CurrentCatalog
        || castsMoment(expression);
  }

  /** {@code cast('now' as timestamp)}. */
  private static boolean castsMoment(Expression expression) {
    return expression instanceof Cast cast
        && (cast.dataType() instanceof DateType
            || cast.dataType() instanceof TimestampType
            || cast.dataType() instanceof TimestampNTZType)
        && cast.child() instanceof Literal literal
        && literal.value() != null
        && MOMENT.matcher(literal.value().toString()).matches();
  }

  private static List<SubqueryAlias> commonTables(UnresolvedWith with) {
    List<SubqueryAlias> tables = new ArrayList<>();
    scala.collection.Iterator<scala.Tuple2<String, SubqueryAlias>> all =
        with.cteRelations().iterator();
    while (all.hasNext()) {
      tables.add(all.next()._2());
    }
    return tables;
  }

  private static String unquoted(String name) {
    return name.replace("`", "");
  }

  private static EngineException notDeterministic(String what) {
    return new EngineException(
        ErrorType.NOT_DETERMINISTIC,
        "the query uses %s, so a re-run may give other rows; pass the value as an argument, or say"
                .formatted(what)
            + " non-deterministic: true");
  }
}
