package io.mlpipeline.spark.gate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTreeWalker;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageLexer;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageParser;
import software.amazon.glue.dqdl.exception.InvalidDataQualityRulesetException;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.DQRuleset;
import software.amazon.glue.dqdl.parser.DQDLParser;

/**
 * Reads one rule, strictly. The language's own parser takes a whole ruleset, stops quietly at what
 * it does not understand, and reads {@code and} between two rules as part of the first: here the
 * text is one rule and nothing else, or it is refused.
 */
final class RuleText {

  /** A rule, or what is wrong with it. */
  record Parsed(@Nullable DQRule rule, List<Fault> faults) {

    static Parsed bad(Fault fault) {
      return new Parsed(null, List.of(fault));
    }
  }

  private static final String HEAD = "Rules = [\n";
  private static final String TAIL = "\n]";
  private static final Pattern SECTION =
      Pattern.compile("\\s*(Rules|Analyzers|Metadata|DataSources)\\s*=.*", Pattern.DOTALL);
  private static final Pattern NO_TYPE =
      Pattern.compile("(?:Rule|Analyzer) Type: (\\S+) is not (?:valid|supported).*");
  private static final Pattern NO_CONDITION =
      Pattern.compile("Unexpected condition for rule of type (\\S+) with (\\w+) return type.*");

  static {
    Quiet.loadParser();
    RuleTypes.completeParser();
  }

  private RuleText() {}

  static Parsed parse(String text) {
    String rule = text.replaceAll("[\\r\\uFEFF\\u00A0]", " ");
    if (rule.isBlank()) {
      return Parsed.bad(Fault.of("the rule is empty", "delete it, or write a rule"));
    }
    if (SECTION.matcher(rule).matches()) {
      return Parsed.bad(
          Fault.of(
              "a section of a ruleset stands where one rule is wanted", "write the rule alone"));
    }
    List<Fault> faults = shape(rule);
    return faults.isEmpty() ? meaning(rule) : new Parsed(null, faults);
  }

  private static List<Fault> shape(String rule) {
    SyntaxErrors errors = new SyntaxErrors();
    var lexer = new DataQualityDefinitionLanguageLexer(CharStreams.fromString(HEAD + rule + TAIL));
    lexer.removeErrorListeners();
    lexer.addErrorListener(errors);
    var tokens = new CommonTokenStream(lexer);
    var parser = new DataQualityDefinitionLanguageParser(tokens);
    parser.removeErrorListeners();
    parser.addErrorListener(errors);
    var document = parser.document();
    if (errors.first != null) {
      return List.of(Fault.of(errors.first, SyntaxHints.of(rule)));
    }
    Token next = tokens.LT(1);
    if (next.getType() != Token.EOF) {
      return List.of(
          Fault.of("text follows the rule: \"" + next.getText() + "\"", "one rule to a text"));
    }
    RuleShape shape = new RuleShape();
    ParseTreeWalker.DEFAULT.walk(shape, document);
    return shape.faults();
  }

  private static Parsed meaning(String rule) {
    try {
      return new Parsed(inPlainLetters(HEAD + rule + TAIL).getRules().get(0), List.of());
    } catch (InvalidDataQualityRulesetException e) {
      return Parsed.bad(explained(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      return Parsed.bad(Fault.of("the rule cannot be read: " + e.getMessage(), null));
    }
  }

  /** The parser writes its keywords in capitals by the default locale: in Turkish MİNUTES. */
  private static DQRuleset inPlainLetters(String ruleset)
      throws InvalidDataQualityRulesetException {
    if ("i".toUpperCase(Locale.getDefault()).equals("I")) {
      return new DQDLParser().parse(ruleset);
    }
    synchronized (RuleText.class) {
      Locale before = Locale.getDefault();
      Locale.setDefault(Locale.ROOT);
      try {
        return new DQDLParser().parse(ruleset);
      } finally {
        Locale.setDefault(before);
      }
    }
  }

  private static Fault explained(String message) {
    String plain = message.replaceFirst("^Parsing Error:\\s*", "");
    Matcher type = NO_TYPE.matcher(plain);
    if (type.matches()) {
      return unknown(type.group(1));
    }
    Matcher condition = NO_CONDITION.matcher(plain);
    if (condition.matches() && RuleTypes.refusal(condition.group(1)) != null) {
      return unknown(condition.group(1));
    }
    if (condition.matches()) {
      boolean isBoolean = "boolean".equals(condition.group(2));
      return isBoolean
          ? Fault.of(
              condition.group(1) + " holds or does not: it takes no condition",
              "leave the condition out")
          : Fault.of(condition.group(1) + " needs a condition", "for example > 0");
    }
    return Fault.of(plain, null);
  }

  private static Fault unknown(String type) {
    String refusal = RuleTypes.refusal(type);
    if (refusal != null) {
      return Fault.of(type + " " + refusal, RuleTypes.wayRound(type));
    }
    if (RuleTypes.isKnown(type)) {
      return Fault.of(
          type + " is written with another number of columns",
          "docs/gates-rules.md has an example");
    }
    Optional<String> near = Nearest.suggestion(type, RuleTypes.accepted());
    return Fault.of(
        "there is no rule type \"" + type + "\"",
        near.orElse("known: " + String.join(", ", RuleTypes.accepted())));
  }

  private static final class SyntaxErrors extends BaseErrorListener {
    @Nullable String first;

    @Override
    public void syntaxError(
        Recognizer<?, ?> recognizer,
        @Nullable Object symbol,
        int line,
        int column,
        String message,
        @Nullable RecognitionException cause) {
      if (first == null) {
        boolean isEnd = symbol instanceof Token token && isEnd(token);
        String row = line > 2 ? "line " + (line - 1) + ", " : "";
        String place = isEnd ? "" : " at " + row + "character " + (column + 1);
        String what = symbol instanceof Token token ? near(token) : message;
        first = "the rule does not parse" + place + ": " + what;
      }
    }

    private static boolean isEnd(Token token) {
      return token.getType() == Token.EOF || "]".equals(token.getText());
    }

    private static String near(Token token) {
      return isEnd(token) ? "something is missing at its end" : "unexpected " + token.getText();
    }
  }
}
