package io.mlpipeline.json;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.VersionList;
import io.mlpipeline.registry.VersionState;
import java.time.DateTimeException;

/**
 * The stored form of a {@link ModelState}, sealed; a version is one text, because ten thousand of
 * them are read at every command. Its format is raised when the rules of the fold change, so that
 * no state of other rules is believed.
 */
public final class ModelStateJson {

  /** In the second form versions say that their files are removed; in the first none are. */
  private static final int FORMAT = 2;

  private ModelStateJson() {}

  /** One line of JSON; equal states give equal bytes. */
  public static byte[] write(ModelState state) {
    boolean isSecond = state.versions().stream().anyMatch(VersionState::isRemoved);
    return Sealed.write(
        isSecond ? FORMAT : 1,
        out ->
            out.text("model", state.model())
                .number("last", state.last())
                .text("last_seal", state.seal())
                .texts("versions", state.versions().stream().map(VersionLine::write).toList()));
  }

  /** The state, if its seal holds. Each version is read when it is asked for. */
  public static ModelState read(byte[] document) throws FormException {
    return Sealed.read(document, FORMAT, ModelStateJson::body).value();
  }

  private static ModelState body(JsonIn in) throws FormException {
    String model = in.text("model");
    VersionList versions = new VersionList(in.texts("versions"), line -> version(model, line));
    return new ModelState(model, in.number("last"), in.text("last_seal"), versions);
  }

  /** The seal holds, so whoever wrote the state wrote this; it is told when it is looked at. */
  private static VersionState version(String model, String line) {
    try {
      return VersionLine.read(line);
    } catch (FormException | IllegalArgumentException | DateTimeException e) {
      throw new EngineException(
          ErrorType.STORAGE_CORRUPT,
          "the stored state of model "
              + model
              + " was written with a version that cannot be read ("
              + e.getMessage()
              + "). Delete _ml/registry/"
              + model
              + "/state.json: it is made again from the events",
          e);
    }
  }

  /** The fields of a version as it stands, into an object that is open. */
  public static void version(JsonOut out, VersionState version) {
    out.text("version", version.version().toString())
        .text("digest", version.digest())
        .text("card", version.card())
        .text("stage", version.stage().word())
        .text("since", version.since().toString())
        .number("moved", version.moved())
        .text("author", version.author())
        .number("registered", version.registered())
        .number("evaluated", version.evaluated())
        .texts("approvals", version.approvals())
        .flag("rejected", version.isRejected())
        .number("removed", version.removed());
  }
}
