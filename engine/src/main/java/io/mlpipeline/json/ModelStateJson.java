package io.mlpipeline.json;

import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.VersionState;
import java.util.ArrayList;
import java.util.List;

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

  /** The state, if its seal holds. */
  public static ModelState read(byte[] document) throws FormException {
    return Sealed.read(document, FORMAT, ModelStateJson::body).value();
  }

  private static ModelState body(JsonIn in) throws FormException {
    List<String> lines = in.texts("versions");
    List<VersionState> versions = new ArrayList<>(lines.size());
    for (String line : lines) {
      versions.add(VersionLine.read(line));
    }
    return new ModelState(in.text("model"), in.number("last"), in.text("last_seal"), versions);
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
