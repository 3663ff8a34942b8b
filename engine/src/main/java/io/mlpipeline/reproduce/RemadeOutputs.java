package io.mlpipeline.reproduce;

import io.mlpipeline.model.Likeness;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.run.Remaker;
import io.mlpipeline.spark.TableLikeness;
import io.mlpipeline.spark.table.TableReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Holds what was made again against what is on record. */
final class RemadeOutputs {

  private final TableLog tables;
  private final Remaking work;
  private final LineageEvent event;
  private final RecordedParts parts;

  RemadeOutputs(TableLog tables, Remaking work, LineageEvent event, RecordedParts parts) {
    this.tables = tables;
    this.work = work;
    this.event = event;
    this.parts = parts;
  }

  /** How each recorded output compares; one that did not come is another. */
  List<Likeness> compare(Remaker.Remade made) {
    List<Likeness> all = new ArrayList<>();
    for (OutputVersion recorded : event.outputs()) {
      all.add(
          compare(parts.of(recorded), made)
              .orElseGet(
                  () ->
                      new Likeness(
                          recorded.name(), Likeness.Degree.OTHER, List.of("it is not made now"))));
    }
    return all;
  }

  private Optional<Likeness> compare(OutputVersion then, Remaker.Remade made) {
    for (Audited table : made.tables()) {
      if (table.table().name().equals(then.name())) {
        return Optional.of(
            then.identity().equals(table.version(0).identity())
                ? Likeness.same(then.name())
                : table(then, table));
      }
    }
    Optional<Likeness> model =
        made.models().stream()
            .filter(one -> one.name().equals(then.name()))
            .map(StagedModel::digest)
            .findFirst()
            .map(digest -> model(then, digest));
    return model.or(
        () ->
            made.registered().stream()
                .filter(one -> one.name().equals(then.name()))
                .findFirst()
                .map(one -> model(then, one.manifest().digest())));
  }

  private Likeness table(OutputVersion then, Audited now) {
    Optional<TableLog.Snapshot> recorded = tables.findReadable(then.uri(), then.version());
    if (recorded.isEmpty()) {
      return other(then, now.version(0).identity());
    }
    Dataset<Row> before =
        parts.work() == null
            ? TableReader.read(work.spark(), recorded.get())
            : TableReader.read(work.spark(), recorded.get(), parts::isMade);
    Dataset<Row> after = TableReader.read(work.spark(), work.scratchUri(), now.table());
    Likeness likeness = TableLikeness.of(then.name(), before, after);
    return likeness.degree() == Likeness.Degree.SAME
        ? other(then, now.version(0).identity() + ", with the rows that lie there now")
        : likeness;
  }

  private static Likeness model(OutputVersion then, String digest) {
    return then.digest().equals(digest) ? Likeness.same(then.name()) : other(then, digest);
  }

  private static Likeness other(OutputVersion then, String digest) {
    return new Likeness(
        then.name(),
        Likeness.Degree.OTHER,
        List.of("digest " + then.identity() + " then, " + digest + " now"));
  }
}
