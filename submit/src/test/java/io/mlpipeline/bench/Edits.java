package io.mlpipeline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** Changes as people make them from day to day, drawn by a seed. */
final class Edits {

  /** What is changed; how many of a hundred edits are of that kind. */
  enum Kind {
    PARAMS(25),
    CODE(20),
    LAYOUT(10),
    PARTITION(20),
    GATE(10),
    SCHEMA(5),
    SAME_CONTENT(10);

    private final int percent;

    Kind(int percent) {
      this.percent = percent;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * An edit that was made.
   *
   * @param number from 1
   * @param kind of which kind
   * @param text what was done, for people
   * @param forced a step that must run though nothing changed; empty for none
   */
  record Edit(int number, Kind kind, String text, String forced) {

    @Override
    public String toString() {
      return number + " (" + kind.word() + ": " + text + ")";
    }
  }

  private static final Map<String, List<String>> PARAMS =
      choices(
          "null-values=\"NA\"|\"NA\", \"-\"|\"-\"",
          "young=30|25|35",
          "least=0|50|100",
          "top=10|5|20",
          "cutoff=2024-06-15|2024-06-14|2024-06-16",
          "days=7|10|5",
          "holdout=0.25|0.3|0.2",
          "split-seed=42|43|44",
          "lr-iterations=5|6|8",
          "lr-penalty=0.01|0.02|0.1",
          "tree-depth=3|2|4",
          "tree-bins=32|16|64",
          "slices=plan|region|plan, region",
          "threshold=0.5|0.4|0.6",
          "metric=auc_roc|auc_pr|accuracy");

  /** The last choice of most is another way to say the first. */
  private static final Map<String, List<String>> CODE =
      choices(
          "code-events='purchase', 'login', 'ticket'|'purchase', 'ticket'|'ticket', 'login',"
              + " 'purchase'",
          "code-daily=count(*)|count_if(cents > 99)|count(1)",
          "code-recent=2|1|0",
          "code-features=coalesce(s.purchases, 0)|coalesce(s.purchases, 1)|ifnull(s.purchases, 0)",
          "code-enrich=| + 1| + 0",
          "code-tenure=|.plus(10)|.plus(0)",
          "code-days=|.minus(1)|.multiply(1)",
          "code-cents=10|100|10L",
          "code-marks=| + 1| + 0",
          "code-ranks=desc|asc|desc_nulls_last");

  private static final Map<String, List<String>> GATES =
      choices(
          "gate-customers=100|150|200",
          "gate-enriched=10|20|30",
          "gate-events=0|1|2",
          "gate-daily=0|1|2",
          "gate-marks=0|1|2",
          "gate-features=100|150|200",
          "gate-evaluation=0|1|2");

  private static final Map<String, String> NOTES =
      Map.ofEntries(
          Map.entry("note-config", "# %s\n"),
          Map.entry("note-config-inputs", "  # %s\n"),
          Map.entry("note-events", "-- %s\n"),
          Map.entry("note-daily", "/* %s */  "),
          Map.entry("note-recent", "  -- %s"),
          Map.entry("note-features", "\n\n  /* %s */"),
          Map.entry("note-enrich", "\n\n  // %s\n"),
          Map.entry("note-days", "/** %s\n */\n"),
          Map.entry("note-ranks", "/* %s */\n\n"));

  private final EditsProject project;
  private final SplittableRandom random;
  private final List<Kind> deck = new ArrayList<>();
  private int made;

  /**
   * Edits of a project.
   *
   * @param count how many there will be, of which each kind has its share
   * @param seed equal seeds give equal edits
   */
  Edits(EditsProject project, int count, long seed) {
    this.project = project;
    this.random = new SplittableRandom(seed);
    int cards = 0;
    int share = 0;
    for (Kind kind : Kind.values()) {
      share += kind.percent;
      while (cards < Math.round(count * share / 100.0)) {
        deck.add(kind);
        cards++;
      }
    }
    for (int i = deck.size() - 1; i > 0; i--) {
      deck.set(i, deck.set(random.nextInt(i + 1), deck.get(i)));
    }
  }

  /** What stands at each place before the first edit. */
  static Map<String, String> first() {
    Map<String, String> first = new LinkedHashMap<>();
    List.of(PARAMS, CODE, GATES)
        .forEach(all -> all.forEach((place, choices) -> first.put(place, choices.get(0))));
    NOTES.keySet().forEach(place -> first.put(place, ""));
    return first;
  }

  int count() {
    return deck.size();
  }

  /**
   * Makes the next edit.
   *
   * @param steps the pipeline's steps
   */
  Edit make(List<String> steps) throws IOException {
    Kind kind = deck.get(made++);
    String forced = "";
    String text;
    switch (kind) {
      case PARAMS -> text = choose(PARAMS);
      case CODE -> text = choose(CODE);
      case GATE -> text = choose(GATES);
      case LAYOUT -> text = note();
      case PARTITION -> text = partition();
      case SCHEMA -> text = contract();
      default -> {
        if (random.nextInt(3) == 0) {
          forced = steps.get(random.nextInt(steps.size()));
          text = "forces " + forced;
        } else {
          text = upstream();
        }
      }
    }
    return new Edit(made, kind, text, forced);
  }

  private String choose(Map<String, List<String>> choices) throws IOException {
    String place = drawn(choices.keySet().stream().sorted().toList());
    String now = project.value(place);
    List<String> others =
        choices.getOrDefault(place, List.of()).stream().filter(c -> !c.equals(now)).toList();
    String next = drawn(others);
    project.put(place, next);
    return place + " '" + now + "' -> '" + next + "'";
  }

  private String note() throws IOException {
    String place = drawn(NOTES.keySet().stream().sorted().toList());
    String layout = NOTES.getOrDefault(place, "%s");
    project.put(place, layout.replace("%s", "said at edit " + made));
    return place;
  }

  private String partition() throws IOException {
    if (random.nextBoolean()) {
      project.addDay();
      return "new " + project.day(project.days() - 1).getFileName();
    }
    int day = random.nextInt(project.days());
    project.replaceDay(day, made);
    return "late " + project.day(day).getFileName();
  }

  private String contract() throws IOException {
    if (random.nextInt(3) == 0) {
      project.describe("customers, as said at edit " + made);
      return "description of the contract";
    }
    project.nextContract(random.nextInt(100));
    return "the contract's version " + project.value("schema");
  }

  /** The same rows come again: in a file of the same bytes, or one that was only touched. */
  private String upstream() throws IOException {
    Path file =
        random.nextBoolean() ? project.customers() : project.day(random.nextInt(project.days()));
    if (random.nextBoolean()) {
      Files.setLastModifiedTime(
          file, FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 1000));
      return "touches " + file.getFileName();
    }
    Path fresh = Files.copy(file, project.root().resolve("data/again.csv"));
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    return "writes " + file.getFileName() + " again";
  }

  private String drawn(List<String> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** Texts such as {@code place=first|second}. */
  private static Map<String, List<String>> choices(String... lines) {
    Map<String, List<String>> choices = new LinkedHashMap<>();
    for (String line : lines) {
      int at = line.indexOf('=');
      choices.put(line.substring(0, at), List.of(line.substring(at + 1).split("\\|", -1)));
    }
    return choices;
  }
}
