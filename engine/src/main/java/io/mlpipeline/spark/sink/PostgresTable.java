package io.mlpipeline.spark.sink;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The SQL of one delivery: names are quoted, whatever is in them, and no value is in it. Pure.
 *
 * @param schema the schema of the sink's table
 * @param name its name there
 * @param columns the types by column, in order
 * @param keys the columns that name a row
 */
record PostgresTable(String schema, String name, Map<String, String> columns, List<String> keys) {

  /** Where it stands what was delivered last; one row for each table of its schema. */
  static final String LEDGER = "mlpipeline_deliveries";

  private static final int LONGEST = 63;
  private static final String STAGE = "__mlpipeline_";
  private static final int HASH = 16;

  PostgresTable {
    columns = new LinkedHashMap<>(columns);
    keys = List.copyOf(keys);
  }

  /** Throws CONTRACT_BROKEN naming every column that PostgreSQL has no type for. */
  static PostgresTable of(String schema, String name, StructType rows, List<String> keys) {
    Map<String, String> columns = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (StructField field : rows.fields()) {
      PostgresTypes.of(field.dataType())
          .ifPresentOrElse(
              type -> columns.put(field.name(), type),
              () -> problems.add(field.name() + " (" + field.dataType().catalogString() + ")"));
      if (bytes(field.name()) > LONGEST) {
        problems.add(field.name() + " (a name longer than " + LONGEST + " bytes)");
      }
    }
    if (!problems.isEmpty()) {
      throw new EngineException(
          ErrorType.CONTRACT_BROKEN,
          "PostgreSQL has no column for "
              + String.join(", ", problems)
              + ": publish single values or arrays of them, or turn it into a text with to_json");
    }
    List<String> spelled = new ArrayList<>();
    for (String key : keys) {
      columns.keySet().stream().filter(key::equalsIgnoreCase).findFirst().ifPresent(spelled::add);
    }
    return new PostgresTable(schema, name, columns, spelled);
  }

  /** The table's name in SQL. */
  String quoted() {
    return quoted(name);
  }

  String ledger() {
    return quoted(LEDGER);
  }

  /** Another table of the same schema. */
  String quoted(String other) {
    return identifier(schema) + "." + identifier(other);
  }

  /** How all tables begin into which rows of this table were ever staged. */
  String stagePrefix() {
    int room = LONGEST - STAGE.length() - HASH;
    String start = bytes(name) <= room ? name : cut(name, room - HASH) + hash(name);
    return start + STAGE;
  }

  /** The name of the table into which an attempt stages. */
  String stage(String attempt) {
    String plain = stagePrefix() + attempt;
    return bytes(plain) <= LONGEST ? plain : stagePrefix() + hash(attempt);
  }

  private static String cut(String text, int bytes) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .takeWhile(c -> bytes(out + Character.toString(c)) <= bytes)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  String createStage(String attempt) {
    return "create unlogged table " + quoted(stage(attempt)) + " (" + definitions() + ")";
  }

  String create() {
    return "create table "
        + quoted()
        + " ("
        + definitions()
        + ", primary key ("
        + list(keys)
        + "))";
  }

  private String definitions() {
    return columns.entrySet().stream()
        .map(column -> identifier(column.getKey()) + " " + column.getValue())
        .collect(Collectors.joining(", "));
  }

  String createLedger() {
    return "create table if not exists "
        + ledger()
        + " (target text primary key, dataset text not null, version bigint not null, content text"
        + " not null, row_count bigint not null, run text not null, attempt text not null,"
        + " delivered_at timestamp with time zone not null default now())";
  }

  /** Rows that are there with the same values are left alone. */
  String upsert(String attempt) {
    List<String> others = columns.keySet().stream().filter(c -> !keys.contains(c)).toList();
    String insert =
        "insert into "
            + quoted()
            + " as target ("
            + list(columns.keySet())
            + ") select "
            + list(columns.keySet())
            + " from "
            + quoted(stage(attempt))
            + " on conflict ("
            + list(keys)
            + ") do ";
    if (others.isEmpty()) {
      return insert + "nothing";
    }
    String sets =
        others.stream()
            .map(c -> identifier(c) + " = excluded." + identifier(c))
            .collect(Collectors.joining(", "));
    return insert
        + "update set "
        + sets
        + " where ("
        + of("target", others)
        + ") is distinct from ("
        + of("excluded", others)
        + ")";
  }

  String remember() {
    return "insert into "
        + ledger()
        + " (target, dataset, version, content, row_count, run, attempt) values (?, ?, ?, ?, ?, ?,"
        + " ?) on conflict (target) do update set dataset = excluded.dataset, version ="
        + " excluded.version, content = excluded.content, row_count = excluded.row_count, run ="
        + " excluded.run, attempt = excluded.attempt, delivered_at = now()";
  }

  private static String list(Iterable<String> names) {
    List<String> all = new ArrayList<>();
    names.forEach(name -> all.add(identifier(name)));
    return String.join(", ", all);
  }

  private static String of(String table, List<String> names) {
    return names.stream()
        .map(name -> table + "." + identifier(name))
        .collect(Collectors.joining(", "));
  }
}
