package io.mlpipeline.config;

import io.mlpipeline.model.MlflowSpec;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what stands around a pipeline and decides no result: trusted classes, MLflow. */
final class SurroundingsReader {

  static final String MODEL_CLASSES = "model-classes";
  static final String MLFLOW = "mlflow";

  private static final String URI_KEY = "tracking-uri";
  private static final int LONGEST_EXPERIMENT = 500;

  /** At least two names: whoever trusts all of {@code com.} might as well trust everything. */
  private static final Pattern CLASS =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_$][A-Za-z0-9_$]*)+\\.?");

  private static final Pattern OF_THE_JDK = Pattern.compile("(java|javax|jdk|sun|scala)\\..*");
  private static final Set<String> WEB = Set.of("http", "https");

  private final Problems problems;
  private final Values values;

  SurroundingsReader(Problems problems) {
    this.problems = problems;
    this.values = new Values(problems);
  }

  /** Classes, or prefixes that end in a dot. */
  List<String> modelClasses(@Nullable Node node) {
    List<String> written = values.words(node);
    List<String> classes = new ArrayList<>();
    if (node == null || written == null) {
      return classes;
    }
    for (String one : written) {
      if (!CLASS.matcher(one).matches() || OF_THE_JDK.matcher(one).matches()) {
        problems.add(
            node.at(),
            "'" + Keys.clean(one) + "' in 'model-classes' is no class that may be trusted",
            "a package with a dot at its end such as com.example.ml. or a class, at least two names"
                + " long, none of the JDK's or Scala's");
      } else {
        classes.add(one);
      }
    }
    return classes;
  }

  /**
   * Where to mirror to; null if nowhere, or if it cannot be read.
   *
   * @param pipeline the pipeline's name, if it has one
   */
  @Nullable MlflowSpec mlflow(@Nullable Node node, @Nullable String pipeline) {
    Fields fields = node == null ? null : Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    Node uriNode = fields.require(URI_KEY, "tracking-uri: \"http://mlflow:5000\"");
    String uri = values.word(uriNode);
    Node experimentNode = fields.find("experiment");
    String experiment = experimentNode == null ? pipeline : values.word(experimentNode);
    fields.refuseOthers();
    boolean fits = experimentNode == null || experiment == null || fits(experimentNode, experiment);
    if (uriNode == null || uri == null || experiment == null) {
      return null;
    }
    return isServer(uriNode, uri) && fits ? new MlflowSpec(uri, experiment) : null;
  }

  private boolean fits(Node node, String experiment) {
    boolean fits =
        experiment.length() <= LONGEST_EXPERIMENT
            && experiment.chars().noneMatch(Character::isISOControl);
    if (!fits) {
      problems.add(
          node.at(),
          "'mlflow.experiment' is no name for an experiment",
          "one line of at most " + LONGEST_EXPERIMENT + " characters");
    }
    return fits;
  }

  private boolean isServer(Node node, String written) {
    if (written.matches("databricks(://[A-Za-z0-9_.-]+)?")) {
      return true;
    }
    URI uri = parse(written);
    String scheme = uri == null || uri.getScheme() == null ? "" : uri.getScheme();
    if (uri == null || !WEB.contains(scheme) || uri.getHost() == null) {
      problems.add(
          node.at(),
          "'mlflow.tracking-uri' is no address of an MLflow server",
          "http://HOST:PORT, https://HOST, databricks or databricks://PROFILE");
      return false;
    }
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      problems.add(
          node.at(),
          "'mlflow.tracking-uri' must be a plain address without user, password and ?query",
          "credentials come from MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or"
              + " MLFLOW_TRACKING_TOKEN, in the environment");
      return false;
    }
    return true;
  }

  private static @Nullable URI parse(String written) {
    try {
      return new URI(written);
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
