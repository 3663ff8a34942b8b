package io.mlpipeline.json;

import io.mlpipeline.model.ModelMark;
import io.mlpipeline.model.TableRemoval;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The stored forms of what housekeeping leaves: {@link TableRemoval} and {@link ModelMark}. */
public final class HousekeepingJson {

  private static final int FORMAT = 1;

  private HousekeepingJson() {}

  /** One line of JSON; equal removals give equal bytes. */
  public static byte[] write(TableRemoval removal) {
    List<String> versions = removal.versions().stream().map(String::valueOf).toList();
    return JsonOut.compact(
        out ->
            out.number("format", FORMAT)
                .text("table", removal.table())
                .texts("versions", versions)
                .text("by", removal.by())
                .text("at", removal.at().toString())
                .number("files", removal.files())
                .number("bytes", removal.bytes()));
  }

  /** One line of JSON. */
  public static byte[] write(ModelMark mark) {
    return JsonOut.compact(
        out ->
            out.number("format", FORMAT).text("uri", mark.uri()).text("at", mark.at().toString()));
  }

  public static TableRemoval readRemoval(byte[] document) throws FormException {
    return JsonIn.read(document, FORMAT, HousekeepingJson::removal);
  }

  private static TableRemoval removal(JsonIn in) throws FormException {
    SortedSet<Long> versions = new TreeSet<>();
    in.texts("versions").forEach(version -> versions.add(Long.parseLong(version)));
    return new TableRemoval(
        in.text("table"),
        versions,
        in.text("by"),
        Forms.instant(in, "at"),
        in.integer("files"),
        in.number("bytes"));
  }

  public static ModelMark readMark(byte[] document) throws FormException {
    return JsonIn.read(
        document, FORMAT, in -> new ModelMark(in.text("uri"), Forms.instant(in, "at")));
  }
}
