package io.mlpipeline.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/**
 * Which commands there are. Reading a command's options costs milliseconds, so only what was asked
 * for is added; all of them where it is not clear what that is.
 */
final class CommandTree {

  private static final Map<String, Class<?>> COMMANDS = commands();
  private static final Map<Class<?>, Map<String, Class<?>>> GROUPS =
      Map.of(ModelsCommand.class, models(), GatesCommand.class, gates());

  private CommandTree() {}

  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("run", RunCommand.class);
    commands.put("resume", ResumeCommand.class);
    commands.put("backfill", BackfillCommand.class);
    commands.put("plan", PlanCommand.class);
    commands.put("validate", ValidateCommand.class);
    commands.put("test", TestCommand.class);
    commands.put("explain", ExplainCommand.class);
    commands.put("reproduce", ReproduceCommand.class);
    commands.put("runs", RunsCommand.class);
    commands.put("lineage", LineageCommand.class);
    commands.put("data", DataCommand.class);
    commands.put("models", ModelsCommand.class);
    commands.put("gates", GatesCommand.class);
    commands.put("schemas", SchemasCommand.class);
    commands.put("gc", GcCommand.class);
    commands.put("doctor", DoctorCommand.class);
    commands.put("sample", SampleCommand.class);
    return commands;
  }

  private static Map<String, Class<?>> models() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("list", ModelsListCommand.class);
    commands.put("show", ModelsShowCommand.class);
    commands.put("history", ModelsHistoryCommand.class);
    commands.put("promote", ModelsPromoteCommand.class);
    commands.put("approve", ModelsApproveCommand.class);
    commands.put("reject", ModelsRejectCommand.class);
    commands.put("demote", ModelsDemoteCommand.class);
    commands.put("archive", ModelsArchiveCommand.class);
    commands.put("rollback", ModelsRollbackCommand.class);
    commands.put("check", ModelsCheckCommand.class);
    return commands;
  }

  private static Map<String, Class<?>> gates() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("list", GatesListCommand.class);
    commands.put("suggest", GatesSuggestCommand.class);
    commands.put("test", GatesTestCommand.class);
    commands.put("history", GatesHistoryCommand.class);
    commands.put("waive", GatesWaiveCommand.class);
    commands.put("waivers", GatesWaiversCommand.class);
    commands.put("replay", GatesReplayCommand.class);
    return commands;
  }

  /** Adds what these words may ask for. */
  static void add(CommandLine line, String... words) {
    for (Class<?> command : asked(COMMANDS, words, 0)) {
      boolean explains =
          command == ExplainCommand.class
              && words.length > 1
              && words[0].equals("explain")
              && ExplainGroup.WORDS.contains(words[1]);
      CommandLine added =
          new CommandLine(explains ? ExplainGroup.class : command, line.getFactory());
      for (Class<?> below : asked(GROUPS.getOrDefault(command, Map.of()), words, 1)) {
        added.addSubcommand(below);
      }
      line.addSubcommand(added);
    }
  }

  /** The command that a word names; all of them if it names none. */
  private static Collection<Class<?>> asked(
      Map<String, Class<?>> commands, String[] words, int at) {
    Class<?> one = words.length > at ? commands.get(words[at]) : null;
    return one == null ? commands.values() : List.<Class<?>>of(one);
  }
}
