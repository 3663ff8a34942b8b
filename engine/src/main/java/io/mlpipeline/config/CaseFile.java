package io.mlpipeline.config;

import io.mlpipeline.model.CaseSpec;
import io.mlpipeline.model.CaseSpec.Compared;
import io.mlpipeline.model.CaseSpec.Expectation;
import io.mlpipeline.model.CaseSpec.ExpectedFailure;
import io.mlpipeline.model.CaseSpec.ExpectedRules;
import io.mlpipeline.model.CaseSpec.ExpectedTable;
import io.mlpipeline.model.CaseSpec.Range;
import io.mlpipeline.model.CaseSpec.WrittenTable;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Suggestions;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Reads a file of cases, {@code conf/tests/NAME.conf}. */
public final class CaseFile {

  private static final double CLOSE = 1e-9;

  private final Problems problems = new Problems();
  private final Values values = new Values(problems);
  private final CaseTable tables = new CaseTable(problems);
  private final TextFiles texts;
  private final Path file;

  private CaseFile(Path file, Path workingDirectory) {
    this.texts = new TextFiles(workingDirectory, problems);
    this.file = texts.absolute(file);
  }

  /**
   * Cases as read, or all that is wrong with them.
   *
   * @param cases the cases in the order of the file; empty if there are problems
   * @param problems everything that is wrong, by line
   */
  public record LoadedCases(List<CaseSpec> cases, List<Problem> problems) {

    public LoadedCases {
      cases = List.copyOf(cases);
      problems = List.copyOf(problems);
    }
  }

  /** Reads the file; never throws for what a user wrote. */
  public static LoadedCases load(Path file, Path workingDirectory) {
    CaseFile reader = new CaseFile(file, workingDirectory);
    List<CaseSpec> cases = reader.cases();
    return new LoadedCases(reader.problems.isEmpty() ? cases : List.of(), reader.problems.sorted());
  }

  /** The files of cases of a pipeline: {@code conf/tests/NAME.conf}, {@code conf/tests/NAME/*}. */
  public static List<Path> beside(Path pipelineFile, Path workingDirectory) {
    Path absolute = workingDirectory.toAbsolutePath().resolve(pipelineFile).normalize();
    Path folder = ConfRoot.of(absolute).resolve("tests");
    String name = String.valueOf(absolute.getFileName()).replaceFirst("\\.conf$", "");
    List<Path> files = new ArrayList<>();
    if (ConfRoot.names(folder).contains(name)) {
      files.add(folder.resolve(name + ".conf"));
    }
    Path own = folder.resolve(name);
    ConfRoot.names(own).forEach(one -> files.add(own.resolve(one + ".conf")));
    return files;
  }

  private List<CaseSpec> cases() {
    SourceLocation top = new SourceLocation(texts.show(file), 0);
    Path folder = ConfRoot.of(file);
    HoconFiles files = new HoconFiles(texts, folder, problems);
    Document document = new Document(files, top, problems);
    Node root =
        BoundedThread.call(
            () -> {
              HoconFiles.Parsed parsed = files.parse(file, top);
              return parsed == null ? null : document.add(parsed).resolve();
            },
            sentence -> problems.add(top, sentence));
    Fields fields = root == null ? null : Fields.of(root, problems);
    if (root == null || fields == null) {
      return List.of();
    }
    Node cases = fields.require("cases", "cases { name { given {} expect {} } }");
    root.members().keySet().stream()
        .filter(key -> document.layout().refersTo(key)) // what cases have in common
        .forEach(fields::find);
    fields.refuseOthers();
    Map<String, CaseSpec> all = each(cases, this::one);
    if (all.isEmpty() && problems.isEmpty()) {
      problems.add(
          cases == null ? top : cases.at(),
          "there is no case in it",
          "for example cases { name { given {} expect {} } }");
    }
    return List.copyOf(all.values());
  }

  private @Nullable CaseSpec one(String name, Node node) {
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    String description = values.text(fields.find("description"));
    Map<String, String> settings = new LinkedHashMap<>();
    Node set = fields.find("set");
    if (set != null) {
      settings(set, "", settings);
    }
    SortedMap<String, WrittenTable> given = new TreeMap<>(each(fields.find("given"), this::table));
    Node expect = fields.require("expect", "expect { tables { features: { count: 3 } } }");
    fields.refuseOthers();
    Expectation expectation = expect == null ? null : expectation(expect);
    return expectation == null
        ? null
        : new CaseSpec(name, description, settings, given, expectation, node.at());
  }

  /** {@code set { params { a: 1 } }} is {@code --set params.a=1}. */
  private void settings(Node node, String path, Map<String, String> into) {
    if (node.isScalar()) {
      into.put(path, node.text());
    } else if (node.kind() == Node.Kind.LIST) {
      List<String> words = values.words(node);
      into.put(path, "[" + String.join(", ", words == null ? List.of() : words) + "]");
    } else {
      node.members()
          .forEach(
              (key, member) -> settings(member, path.isEmpty() ? key : path + "." + key, into));
    }
  }

  private @Nullable WrittenTable table(String dataset, Node node) {
    if (node.kind() == Node.Kind.LIST) {
      return tables.ofList(node.elements(), node.at());
    }
    if (node.isScalar()) {
      return tables.ofText(node.text(), node.at());
    }
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    Node csv = fields.find("csv");
    Node rows = fields.find("rows");
    fields.refuseOthers();
    if ((csv == null) == (rows == null)) {
      problems.add(node.at(), "'" + node.path() + "' wants either 'rows' or 'csv'");
      return null;
    }
    return rows != null ? table(dataset, rows) : file(csv);
  }

  private @Nullable WrittenTable file(@Nullable Node csv) {
    String written = values.word(csv);
    Path folder = file.getParent();
    if (csv == null || written == null || folder == null) {
      return null;
    }
    String text = texts.read(folder.resolve(written).normalize(), csv.at());
    return text == null ? null : tables.ofText(text, csv.at());
  }

  private @Nullable Expectation expectation(Node node) {
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    Node fails = fields.find("fails");
    Expectation all =
        new Expectation(
            new TreeMap<>(each(fields.find("tables"), this::expectedTable)),
            new TreeMap<>(each(fields.find("metrics"), this::metrics)),
            new TreeMap<>(each(fields.find("rejects"), this::rules)),
            new TreeMap<>(each(fields.find("warns"), this::rules)),
            fails == null ? null : failure(fails));
    fields.refuseOthers();
    boolean isNothing =
        all.tables().isEmpty()
            && all.metrics().isEmpty()
            && all.rejects().isEmpty()
            && all.warns().isEmpty()
            && fails == null;
    if (isNothing && problems.isEmpty()) {
      problems.add(node.at(), "nothing is expected", "tables, metrics, rejects, warns or fails");
    }
    return all;
  }

  private @Nullable ExpectedTable expectedTable(String dataset, Node node) {
    if (node.kind() != Node.Kind.OBJECT) {
      WrittenTable rows = table(dataset, node);
      sound(rows);
      return rows == null ? null : new ExpectedTable(rows, Compared.ALL, CLOSE, null, node.at());
    }
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    Node rows = fields.find("rows");
    Node csv = fields.find("csv");
    Node columns = fields.find("columns");
    Node tolerance = fields.find("tolerance");
    Node count = fields.find("count");
    fields.refuseOthers();
    if (rows == null && csv == null && count == null) {
      problems.add(node.at(), "'" + node.path() + "' expects nothing", "rows, csv or count");
      return null;
    }
    WrittenTable written = rows != null ? table(dataset, rows) : csv != null ? file(csv) : null;
    sound(written);
    BigDecimal close = tolerance == null ? null : values.number(tolerance);
    BigDecimal number = count == null ? null : values.whole(count, 0, Long.MAX_VALUE);
    return new ExpectedTable(
        written,
        columns == null ? Compared.ALL : compared(columns),
        close == null ? CLOSE : close.doubleValue(),
        number == null ? null : number.longValue(),
        node.at());
  }

  /** What is expected are always cells. */
  private void sound(@Nullable WrittenTable written) {
    Problem fault = written == null ? null : written.fault();
    if (fault != null) {
      problems.addAll(List.of(fault));
    }
  }

  private Compared compared(Node node) {
    String written = values.word(node);
    if (!"all".equals(written) && !"named".equals(written)) {
      values.refuse(node, "all or named");
    }
    return "named".equals(written) ? Compared.NAMED : Compared.ALL;
  }

  private SortedMap<String, Range> metrics(String step, Node node) {
    return new TreeMap<>(each(node, this::range));
  }

  private @Nullable Range range(String metric, Node node) {
    if (node.kind() != Node.Kind.OBJECT) {
      BigDecimal number = values.number(node);
      return number == null
          ? null
          : new Range(number.doubleValue(), number.doubleValue(), node.at());
    }
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    Node min = fields.find("min");
    Node max = fields.find("max");
    fields.refuseOthers();
    BigDecimal least = min == null ? null : values.number(min);
    BigDecimal most = max == null ? null : values.number(max);
    if (min == null && max == null) {
      problems.add(node.at(), "'" + node.path() + "' has neither 'min' nor 'max'");
    } else if (least != null && most != null && least.compareTo(most) > 0) {
      problems.add(node.at(), "'" + node.path() + "' has a 'min' above its 'max'");
    }
    return new Range(
        least == null ? null : least.doubleValue(),
        most == null ? null : most.doubleValue(),
        node.at());
  }

  private @Nullable ExpectedRules rules(String dataset, Node node) {
    List<String> words = values.words(node);
    if (words != null && words.isEmpty() && problems.isEmpty()) {
      problems.add(node.at(), "'" + node.path() + "' names no rule");
    }
    return words == null
        ? null
        : new ExpectedRules(words.stream().map(GateReader::normalize).toList(), node.at());
  }

  private @Nullable ExpectedFailure failure(Node node) {
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    String step = values.word(fields.require("step", "step: features"));
    Node errorNode = fields.find("error");
    String message = values.word(fields.find("message"));
    fields.refuseOthers();
    String written = values.word(errorNode);
    ErrorType error = null;
    if (errorNode != null && written != null) {
      List<String> known = Arrays.stream(ErrorType.values()).map(Enum::name).toList();
      if (known.contains(written)) {
        error = ErrorType.valueOf(written);
      } else {
        problems.add(
            errorNode.at(),
            "there is no error type '" + Keys.clean(written) + "'",
            Suggestions.didYouMean(written, known));
      }
    }
    return step == null ? null : new ExpectedFailure(step, error, message, node.at());
  }

  /** The members of an object that could be read, in order; none of nothing. */
  private <T> Map<String, T> each(@Nullable Node node, BiFunction<String, Node, @Nullable T> read) {
    Map<String, T> all = new LinkedHashMap<>();
    if (node != null && Fields.of(node, problems) != null) {
      node.members()
          .forEach(
              (name, member) -> {
                T value = read.apply(name, member);
                if (value != null) {
                  all.put(name, value);
                }
              });
    }
    return all;
  }
}
