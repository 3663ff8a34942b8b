package io.mlpipeline.json;

import io.mlpipeline.model.Recipe;

/** The stored form of a {@link Recipe}, sealed. */
public final class RecipeJson {

  private static final int FORMAT = 1;

  private RecipeJson() {}

  /** One line of JSON; equal recipes give equal bytes. */
  public static byte[] write(Recipe recipe) {
    return Sealed.write(FORMAT, out -> body(out, recipe));
  }

  /** The seal of a document that {@link #write} gave; it names the recipe. */
  public static String seal(byte[] document) {
    return Sealed.of(document);
  }

  /** The recipe, if its seal holds. */
  public static Sealed<Recipe> read(byte[] document) throws FormException {
    return Sealed.read(document, FORMAT, RecipeJson::body);
  }

  private static void body(JsonOut out, Recipe recipe) {
    out.text("pipeline_file", recipe.pipelineFile())
        .text("working_directory", recipe.workingDirectory())
        .text("environment", recipe.environment())
        .textMap("settings", recipe.settings())
        .texts("jars", recipe.jars())
        .textMap("config", recipe.config())
        .array("sources", recipe.sources(), ModelCardJson::source);
  }

  private static Recipe body(JsonIn in) throws FormException {
    return new Recipe(
        in.text("pipeline_file"),
        in.text("working_directory"),
        in.text("environment"),
        in.textMap("settings"),
        in.texts("jars"),
        in.textMap("config"),
        in.array("sources", ModelCardJson::source));
  }
}
