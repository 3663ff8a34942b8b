package io.mlpipeline.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** What every command takes. */
final class CommonOptions {

  @Option(
      names = "--warehouse",
      paramLabel = "DIR",
      description = "Where tables and records are; default ${DEFAULT-VALUE}.",
      defaultValue = "./warehouse")
  String warehouse = "./warehouse";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the pipeline or its overlay; may be repeated.")
  Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--output",
      paramLabel = "text|json",
      description = "What standard output holds; default text.",
      defaultValue = "text")
  Output output = Output.text;

  @Option(names = "--quiet", description = "Prints results and errors only.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Says more, stack traces included.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  boolean help;

  /** What standard output holds. */
  enum Output {
    text,
    json
  }

  boolean json() {
    return output == Output.json;
  }

  static boolean isVerbose(ParseResult parsed) {
    return find(parsed, "-v") != null;
  }

  static boolean isJson(ParseResult parsed) {
    ParseResult at = find(parsed, "--output");
    return at != null && at.matchedOptionValue("--output", Output.text) == Output.json;
  }

  private static @Nullable ParseResult find(ParseResult parsed, String option) {
    for (ParseResult at = parsed; at != null; at = at.subcommand()) {
      if (at.hasMatchedOption(option)) {
        return at;
      }
    }
    return null;
  }
}
