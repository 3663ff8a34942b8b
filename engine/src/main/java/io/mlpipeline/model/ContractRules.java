package io.mlpipeline.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a contract asks of values, as rules of a gate: so it shares the gate's scan and stands in
 * its report. What is asked of columns and types is checked before a row is looked at.
 */
public final class ContractRules {

  /** Starts the names of these rules; no rule of a user's may. */
  public static final String PREFIX = "contract-";

  /** The rule that fails if columns were left out because the contract does not name them. */
  public static final String NEW_COLUMNS = PREFIX + "new-columns";

  private ContractRules() {}

  /** The rules for rows that come from outside: nulls, allowed values, keys. */
  public static List<GateRule> ofInput(SchemaSpec schema, SourceLocation at) {
    List<GateRule> rules = new ArrayList<>();
    for (ColumnSpec column : schema.columns()) {
      if (!column.nullable()) {
        String text = "IsComplete " + quoted(column.name());
        rules.add(rule(column.name() + "-not-null", text, at));
      }
      addAllowed(rules, column, at);
    }
    addKeys(rules, schema.keys(), at);
    addNewColumns(rules, schema, at);
    return rules;
  }

  /**
   * The rules for rows that a step hands back: allowed values and keys. Their nulls are counted by
   * the files themselves while they are staged, which costs nothing.
   *
   * @param keys the output's own keys, or those of its contract
   */
  public static List<GateRule> ofOutput(
      @Nullable SchemaSpec schema, List<String> keys, SourceLocation at) {
    List<GateRule> rules = new ArrayList<>();
    if (schema != null) {
      schema.columns().forEach(column -> addAllowed(rules, column, at));
    }
    addKeys(rules, keys, at);
    if (schema != null) {
      addNewColumns(rules, schema, at);
    }
    return rules;
  }

  /** The gate with these rules in front of its own. */
  public static GateSpec before(List<GateRule> rules, GateSpec gate) {
    if (rules.isEmpty()) {
      return gate;
    }
    List<GateRule> all = new ArrayList<>(rules);
    all.addAll(gate.rules());
    return new GateSpec(all, gate.maxQuarantine(), gate.references(), gate.scope());
  }

  private static void addAllowed(List<GateRule> rules, ColumnSpec column, SourceLocation at) {
    if (!column.allowed().isEmpty()) {
      String text =
          column.type().equals("boolean")
              ? ofBoolean(column)
              : "ColumnValues " + quoted(column.name()) + " in [" + list(column) + "]";
      if (!text.isEmpty()) {
        rules.add(rule(column.name() + "-allowed", text, at));
      }
    }
  }

  /** The language has no lists of booleans; of both values nothing is asked. */
  private static String ofBoolean(ColumnSpec column) {
    boolean isTrue = column.allowed().contains("true");
    boolean isBoth = isTrue && column.allowed().contains("false");
    String other = "`" + column.name() + "` = " + !isTrue;
    return isBoth ? "" : "RowCount = 0 where \"" + other + "\"";
  }

  private static String list(ColumnSpec column) {
    boolean isText = column.type().equals("string") || column.type().equals("date");
    List<String> values = new ArrayList<>();
    for (String value : column.allowed()) {
      values.add(isText ? quoted(value) : new BigDecimal(value).toPlainString());
    }
    if (column.nullable()) {
      values.add("NULL");
    }
    return String.join(", ", values);
  }

  private static void addKeys(List<GateRule> rules, List<String> keys, SourceLocation at) {
    if (!keys.isEmpty()) {
      List<String> names = keys.stream().map(ContractRules::quoted).toList();
      rules.add(rule("keys", "IsPrimaryKey " + String.join(" ", names), at));
    }
  }

  /** Of the rows that are left this always holds; who leaves columns out says so in its place. */
  private static void addNewColumns(List<GateRule> rules, SchemaSpec schema, SourceLocation at) {
    if (schema.newColumns() == NewColumns.WARN) {
      String text = "ColumnCount = " + schema.columns().size();
      rules.add(new GateRule(NEW_COLUMNS, Severity.WARN, text, at));
    }
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static GateRule rule(String name, String text, SourceLocation at) {
    return new GateRule(PREFIX + name, Severity.BLOCK, text, at);
  }
}
