package io.mlpipeline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The edited pipeline as it lies on disk: configuration, SQL, a jar, a contract and data. */
final class EditsProject {

  private static final Pattern PLACE = Pattern.compile("@([a-z][a-z0-9-]*)@");
  private static final LocalDate FIRST = LocalDate.parse("2024-06-01");
  private static final int FIRST_DAYS = 20;
  private static final int CUSTOMERS = 400;
  private static final int EVENTS_A_DAY = 150;
  private static final List<String> COLUMNS = List.of("signed_up", "plan", "region", "age", "fee");

  private final Path root;
  private final TreeMap<String, String> values = new TreeMap<>();
  private final List<String> nullable = new ArrayList<>(COLUMNS);
  private final Map<String, String> compiled = new LinkedHashMap<>();
  private String description = "customers as the shop knows them";
  private String promise = "";
  private int version = 1;
  private int days;

  private EditsProject(Path root) {
    this.root = root;
  }

  /**
   * Writes it for the first time.
   *
   * @param first what stands at the places that may be edited
   */
  static EditsProject create(Path root, Map<String, String> first) throws IOException {
    EditsProject project = new EditsProject(root);
    for (String folder : List.of("pipelines", "schemas", "data/events", "classes")) {
      Files.createDirectories(root.resolve(folder));
    }
    project.values.putAll(first);
    project.values.put("schema", "1");
    project.writeCustomers();
    while (project.days < FIRST_DAYS) {
      project.addDay();
    }
    project.writeContract();
    project.write();
    return project;
  }

  Path root() {
    return root;
  }

  Path pipeline() {
    return root.resolve(EditsText.CONFIG);
  }

  Path jar() {
    return root.resolve("steps.jar");
  }

  Path customers() {
    return root.resolve("data/customers.csv");
  }

  Path events() {
    return root.resolve("data/events");
  }

  /** How many days there are. */
  int days() {
    return days;
  }

  /** The file of a day, counted from 0. */
  Path day(int day) {
    return events().resolve(FIRST.plusDays(day) + ".csv");
  }

  String value(String place) {
    String value = values.get(place);
    if (value == null) {
      throw new IllegalArgumentException("nothing is known of @" + place + "@");
    }
    return value;
  }

  /** Puts another text in a place of the files. */
  void put(String place, String value) throws IOException {
    value(place);
    values.put(place, value);
    write();
  }

  void addDay() throws IOException {
    writeDay(days++, 0);
  }

  /** Other rows for a day that is there: some of the old ones, and some that came late. */
  void replaceDay(int day, long seed) throws IOException {
    writeDay(day, seed);
  }

  /** Says something else of the contract that decides no result. */
  void describe(String text) throws IOException {
    description = text;
    writeContract();
  }

  /** Publishes the contract's next version, in which a column may be null or may not. */
  void nextContract(int column) throws IOException {
    String name = COLUMNS.get(column % COLUMNS.size());
    boolean mayBeNull = nullable.remove(name);
    if (!mayBeNull) {
      nullable.add(name);
    }
    version++;
    promise = "compatible: " + (mayBeNull ? "backward" : "breaking") + "\n";
    writeContract();
    put("schema", Integer.toString(version));
  }

  private void writeContract() throws IOException {
    StringBuilder text = new StringBuilder("description: \"" + description + "\"\n" + promise);
    text.append("columns {\n  customer_id: { type: bigint, nullable: false }\n");
    List<String> types = List.of("date", "string", "string", "int", "int");
    for (int i = 0; i < COLUMNS.size(); i++) {
      String name = COLUMNS.get(i);
      text.append("  ").append(name).append(": { type: ").append(types.get(i));
      text.append(", nullable: ").append(nullable.contains(name)).append(" }\n");
    }
    text.append("  churned: { type: int, nullable: false }\n}\nkeys: [customer_id]\n");
    Files.writeString(root.resolve("schemas/customers-v" + version + ".conf"), text);
  }

  private void writeCustomers() throws IOException {
    StringBuilder text = new StringBuilder("customer_id,signed_up,plan,region,age,fee,churned\n");
    SplittableRandom random = new SplittableRandom(1);
    List<String> plans = List.of("basic", "standard", "premium");
    List<String> regions = List.of("north", "south", "east");
    for (int id = 1; id <= CUSTOMERS; id++) {
      int plan = random.nextInt(3);
      int age = 18 + random.nextInt(60);
      double leaves = 0.2 + 0.15 * (2 - plan) + (age < 30 ? 0.25 : 0);
      text.append(
          String.format(
              Locale.ROOT,
              "%d,%s,%s,%s,%d,%d,%d%n",
              id,
              FIRST.minusDays(10 + random.nextInt(1500)),
              plans.get(plan),
              regions.get(random.nextInt(3)),
              age,
              (plan + 1) * 799 + random.nextInt(300),
              random.nextDouble() < leaves ? 1 : 0));
    }
    Files.writeString(customers(), text);
  }

  private void writeDay(int day, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(1_000L * seed + day);
    LocalDate date = FIRST.plusDays(day);
    List<String> kinds = List.of("purchase", "purchase", "login", "ticket");
    StringBuilder text = new StringBuilder("day,event_id,customer_id,kind,cents\n");
    int rows = EVENTS_A_DAY + random.nextInt(20);
    for (int i = 0; i < rows; i++) {
      String kind = kinds.get(random.nextInt(kinds.size()));
      int cents = kind.equals("purchase") ? 50 + random.nextInt(5000) : random.nextInt(100);
      text.append(date).append(',').append(1000L * day + i).append(',');
      text.append(1 + random.nextInt(CUSTOMERS)).append(',').append(kind).append(',');
      text.append(cents).append('\n');
    }
    Path file = day(day);
    Path fresh = root.resolve("data/fresh.csv");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Writes the texts, and compiles the jar if a source became another text. */
  private void write() throws IOException {
    for (Map.Entry<String, String> file : EditsText.files().entrySet()) {
      Files.writeString(root.resolve(file.getKey()), filled(file.getValue()));
    }
    Map<String, String> sources = new LinkedHashMap<>();
    EditsText.sources().forEach((name, text) -> sources.put(name, filled(text)));
    if (!sources.equals(compiled)) {
      SmallJar.compile(sources, root.resolve("classes"), jar());
      compiled.clear();
      compiled.putAll(sources);
    }
  }

  private String filled(String text) {
    return PLACE.matcher(text).replaceAll(m -> Matcher.quoteReplacement(value(m.group(1))));
  }

  /** What a step is made from besides other steps and the pipeline's file; files in order. */
  List<Path> sources(String step) throws IOException {
    List<Path> files = new ArrayList<>();
    Path sql = root.resolve("pipelines/" + step + ".sql");
    if (Files.exists(sql)) {
      files.add(sql);
    }
    switch (step) {
      case "enriched", "marks" -> files.add(jar());
      case "customers" -> {
        files.add(customers());
        files.add(root.resolve("schemas/customers-v" + version + ".conf"));
      }
      case "events" -> {
        try (Stream<Path> all = Files.list(events())) {
          files.addAll(all.sorted().toList());
        }
      }
      default -> {
        // nothing but other steps
      }
    }
    return files;
  }

  /** A copy of all files, with which the same run could be made elsewhere. */
  void copyTo(Path target) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Path to = target.resolve(root.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(to);
        } else {
          Files.copy(path, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
