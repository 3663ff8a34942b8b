package io.mlpipeline.code;

import io.mlpipeline.code.SqlTokens.Kind;
import io.mlpipeline.code.SqlTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of a SQL text decides its result: everything but comments, layout and the case of keywords.
 * The case of other words stays, because Spark names a column as the query writes it.
 */
public final class SqlDigest {

  /** Words that no sensible column is called; only these are folded. */
  private static final Set<String> KEYWORDS =
      Set.of(
          "all",
          "and",
          "as",
          "between",
          "by",
          "case",
          "cast",
          "cross",
          "distinct",
          "else",
          "end",
          "except",
          "exists",
          "false",
          "from",
          "full",
          "group",
          "having",
          "in",
          "inner",
          "intersect",
          "is",
          "join",
          "lateral",
          "left",
          "like",
          "limit",
          "not",
          "null",
          "on",
          "or",
          "order",
          "outer",
          "over",
          "partition",
          "right",
          "select",
          "semi",
          "then",
          "true",
          "union",
          "using",
          "values",
          "when",
          "where",
          "with");

  /** Functions of time, chance, or the place where they run. */
  private static final Set<String> CALLS =
      Set.of(
          "aes_encrypt",
          "curdate",
          "current_date",
          "current_timestamp",
          "current_user",
          "input_file_block_length",
          "input_file_block_start",
          "input_file_name",
          "java_method",
          "localtimestamp",
          "monotonically_increasing_id",
          "now",
          "rand",
          "randn",
          "random",
          "randstr",
          "reflect",
          "session_user",
          "shuffle",
          "spark_partition_id",
          "try_reflect",
          "uniform",
          "user",
          "uuid",
          "version");

  /** Those of them that need no parentheses. */
  private static final Set<String> BARE =
      Set.of("current_date", "current_timestamp", "current_user", "localtimestamp");

  private static final Set<String> CLOCK_WORDS = Set.of("now", "today", "tomorrow", "yesterday");
  private static final Set<String> TIME_TYPES =
      Set.of("date", "timestamp", "timestamp_ntz", "timestamp_ltz");

  private SqlDigest() {}

  /** A text that is equal for two queries that differ only in comments, layout or keyword case. */
  public static String normalize(String sql) {
    StringBuilder out = new StringBuilder(sql.length());
    Token last = new Token(Kind.SYMBOL, "");
    for (Token token : SqlTokens.of(sql)) {
      String lower = token.text().toLowerCase(Locale.ROOT);
      boolean named = last.text().equals(".") || last.text().equalsIgnoreCase("as");
      boolean keyword = token.kind() == Kind.WORD && !named && KEYWORDS.contains(lower);
      out.append(out.isEmpty() ? "" : " ").append(keyword ? lower : token.text());
      last = token;
    }
    while (out.length() > 0 && (out.charAt(out.length() - 1) == ';' || endsInSpace(out))) {
      out.setLength(out.length() - 1);
    }
    return out.toString();
  }

  private static boolean endsInSpace(StringBuilder out) {
    return out.charAt(out.length() - 1) == ' ';
  }

  /**
   * The names of what makes a query give other results at another time, on another cluster, or by
   * chance: such functions, {@code tablesample}, and literals such as {@code date 'today'}. Sorted,
   * lower case, each once; empty if there is none.
   */
  public static List<String> nonDeterministicCalls(String sql) {
    TreeSet<String> found = new TreeSet<>();
    List<Token> tokens = SqlTokens.of(sql);
    for (int i = 0; i < tokens.size(); i++) {
      String name = name(tokens.get(i));
      String next = i + 1 < tokens.size() ? tokens.get(i + 1).text() : "";
      String last = i > 0 ? tokens.get(i - 1).text() : "";
      if (isCall(tokens, i, name, next, last)) {
        found.add(name);
      } else if (TIME_TYPES.contains(name) && isClockWord(next)) {
        found.add(name + " " + next.toLowerCase(Locale.ROOT));
      }
    }
    return new ArrayList<>(found);
  }

  private static boolean isCall(List<Token> tokens, int i, String name, String next, String last) {
    if (next.equals("(")) {
      boolean noArgument = i + 2 < tokens.size() && tokens.get(i + 2).text().equals(")");
      return CALLS.contains(name)
          || name.equals("tablesample")
          || (noArgument && (name.equals("unix_timestamp") || name.equals("to_unix_timestamp")));
    }
    boolean bare = tokens.get(i).kind() == Kind.WORD && BARE.contains(name);
    return bare && !last.equals(".") && !last.equalsIgnoreCase("as") && !next.equals(".");
  }

  private static boolean isClockWord(String literal) {
    String text = literal.toLowerCase(Locale.ROOT);
    return text.length() > 2
        && (text.startsWith("'") || text.startsWith("\""))
        && CLOCK_WORDS.contains(text.substring(1, text.length() - 1).strip());
  }

  private static String name(Token token) {
    return switch (token.kind()) {
      case WORD -> token.text().toLowerCase(Locale.ROOT);
      case QUOTED_NAME -> token.text().replace("`", "").toLowerCase(Locale.ROOT);
      case NUMBER, STRING, SYMBOL -> "";
    };
  }
}
