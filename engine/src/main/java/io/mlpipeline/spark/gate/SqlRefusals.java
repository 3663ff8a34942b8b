package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import org.apache.spark.sql.catalyst.plans.logical.Sample;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.trees.TreeNode;

/**
 * SQL inside rules, read by Spark's own parser without a session: one query over {@code primary}
 * and nothing else, that gives the same answer every time and runs no foreign code.
 */
public final class SqlRefusals {

  private static final String PRIMARY = "primary";

  private static final Set<String> FOREIGN_CODE = Set.of("reflect", "java_method", "try_reflect");

  private static final Set<String> CHANGING =
      Set.of(
          "rand",
          "random",
          "randn",
          "uuid",
          "shuffle",
          "monotonically_increasing_id",
          "spark_partition_id",
          "input_file_name",
          "input_file_block_start",
          "input_file_block_length",
          "now",
          "current_date",
          "curdate",
          "current_timestamp",
          "localtimestamp",
          "current_timezone",
          "current_user",
          "user",
          "session_user",
          "current_catalog",
          "current_database",
          "current_schema",
          "version",
          "first",
          "first_value",
          "last",
          "last_value",
          "any_value",
          "collect_list",
          "collect_set",
          "array_agg");

  private static final Set<String> WORDS =
      Set.of("current_date", "current_timestamp", "current_user", "user", "session_user");

  /** A text or a quoted name; the group is there if a second text follows without a space. */
  private static final Pattern QUOTED =
      Pattern.compile("`[^`]*`|'(?:[^'\\\\]|\\\\.)*'((?:'(?:[^'\\\\]|\\\\.)*')+)?", Pattern.DOTALL);

  private final List<Fault> faults = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> relations = new LinkedHashSet<>();

  private SqlRefusals() {}

  /** What is wrong with the filter of a rule. */
  static List<Fault> ofFilter(String filter) {
    return ofExpression("where ", filter);
  }

  /** What is wrong with a condition on a row. */
  static List<Fault> ofCondition(String condition) {
    return ofExpression("", condition);
  }

  private static List<Fault> ofExpression(String what, String filter) {
    SqlRefusals all = new SqlRefusals();
    all.quotes(filter);
    try {
      Expression expression = new CatalystSqlParser().parseExpression(filter);
      all.walk(expression);
      if (all.hasSubquery(expression)) {
        all.refuse("a condition on a row may not hold a query", "use a CustomSql rule");
      }
    } catch (Exception e) {
      all.refuse(what + "\"" + filter + "\" is no condition: " + firstLine(e), "correct the SQL");
    }
    return all.faults;
  }

  /** What is wrong with the query of a CustomSql rule. */
  static List<Fault> ofQuery(String query) {
    SqlRefusals all = new SqlRefusals();
    all.quotes(query);
    try {
      LogicalPlan plan = new CatalystSqlParser().parsePlan(query);
      all.collectNames(plan);
      all.walk(plan);
    } catch (Exception e) {
      all.refuse("the query does not parse: " + firstLine(e), "try it in Spark SQL first");
    }
    return all.faults;
  }

  /** The tables that a query reads beside the judged rows, as it writes them. */
  static Set<String> relations(String query) {
    SqlRefusals all = new SqlRefusals();
    try {
      LogicalPlan plan = new CatalystSqlParser().parsePlan(query);
      all.collectNames(plan);
      all.walk(plan);
    } catch (Exception ignored) {
      // Text that does not parse is refused as such.
    }
    return all.relations;
  }

  /** The first line of a message, without the name of an error class and the quoted query. */
  public static String firstLine(Throwable error) {
    String message = error.getMessage() == null ? error.toString() : error.getMessage();
    String line = message.strip().lines().findFirst().orElse("");
    String plain =
        line.replaceFirst("^\\[[A-Z0-9_.]+\\]\\s*", "").replaceFirst("\\s*SQLSTATE.*$", "");
    return plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
  }

  private void refuse(String message, String suggestion) {
    Fault fault = Fault.of(message, suggestion);
    if (!faults.contains(fault)) {
      faults.add(fault);
    }
  }

  /** Elsewhere two quotes are one; Spark puts two texts together, and the rule finds nothing. */
  private void quotes(String sql) {
    Matcher quoted = QUOTED.matcher(sql);
    while (quoted.find()) {
      String text = quoted.group();
      if (text.startsWith("'") && quoted.group(1) != null) {
        refuse(
            text + " is read as " + text.replace("'", ""),
            "write a quote inside a text as \\': "
                + "'"
                + text.substring(1, text.length() - 1).replace("''", "\\'")
                + "'");
      }
    }
  }

  private void collectNames(TreeNode<?> node) {
    if (node instanceof UnresolvedWith with) {
      Scala.list(with.cteRelations()).forEach(cte -> names.add(lower(cte._1())));
    }
    for (TreeNode<?> child : below(node)) {
      collectNames(child);
    }
  }

  private void walk(TreeNode<?> node) {
    judge(node);
    for (TreeNode<?> child : below(node)) {
      walk(child);
    }
  }

  private boolean hasSubquery(TreeNode<?> node) {
    return node instanceof SubqueryExpression || below(node).stream().anyMatch(this::hasSubquery);
  }

  private static List<TreeNode<?>> below(TreeNode<?> node) {
    List<TreeNode<?>> all = new ArrayList<>();
    add(node.children(), all);
    add(node.innerChildren(), all);
    if (node instanceof LogicalPlan plan) {
      add(plan.expressions(), all);
    }
    if (node instanceof SubqueryExpression subquery) {
      all.add(subquery.plan());
    }
    return all;
  }

  private static void add(scala.collection.Seq<?> nodes, List<TreeNode<?>> all) {
    for (Object one : Scala.list(nodes)) {
      if (one instanceof TreeNode<?> node) {
        all.add(node);
      }
    }
  }

  private void judge(TreeNode<?> node) {
    String kind = node.getClass().getSimpleName();
    if (node instanceof Command || node instanceof ParsedStatement || kind.contains("Script")) {
      refuse("a gate's SQL only reads, and this is a " + kind, "write one select");
    } else if (node instanceof Sample) {
      refuse("a sample is another one every time", "judge all rows");
    } else if (node instanceof UnresolvedRelation relation) {
      relation(Scala.list(relation.multipartIdentifier()));
    } else if (node instanceof UnresolvedFunction function) {
      function(Scala.list(function.nameParts()));
    } else if (node instanceof UnresolvedAttribute attribute) {
      word(Scala.list(attribute.nameParts()));
    }
  }

  private void relation(List<String> parts) {
    String name = lower(String.join(".", parts));
    if (!PRIMARY.equals(name) && !names.contains(name)) {
      relations.add(String.join(".", parts));
    }
  }

  private void function(List<String> parts) {
    String name = lower(parts.get(parts.size() - 1));
    if (FOREIGN_CODE.contains(name)) {
      refuse(name + " runs any Java method", "use SQL functions");
    } else if (CHANGING.contains(name)) {
      refuse(name + " may give another answer for the same rows", "compare with a literal");
    }
  }

  private void word(List<String> parts) {
    if (parts.size() == 1 && WORDS.contains(lower(parts.get(0)))) {
      refuse(parts.get(0) + " may give another answer for the same rows", "compare with a literal");
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
