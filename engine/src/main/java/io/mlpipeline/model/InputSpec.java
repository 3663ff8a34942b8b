package io.mlpipeline.model;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A dataset that comes from outside the pipeline.
 *
 * @param name the dataset's name inside the pipeline
 * @param kind files, a Delta table or a database
 * @param location a path, a glob or a directory of files; the root of a Delta table; a JDBC URL; a
 *     registered model such as {@code churn@production}
 * @param format {@code csv}, {@code json}, {@code parquet}, {@code orc} or {@code avro}; null for
 *     others
 * @param options reader options of the format, such as {@code delimiter}; of a database what to
 *     read and how, such as {@code query}; never a password
 * @param version the pinned version of a table; null means the newest at planning time
 * @param schema the contract; null if none was named
 * @param maxAge how old the newest of it may be; null means any age
 * @param gate rules that must hold before the first step reads it
 * @param presence whether the pipeline runs without it
 * @param sampleBy columns by whose values a sample of it is taken; empty where its keys, or those
 *     of what it is joined with, say it; never decides a result
 * @param layout how the names of files say their partitions, where the location said it; null
 *     otherwise
 * @param at where it was written
 */
public record InputSpec(
    String name,
    InputKind kind,
    String location,
    @Nullable String format,
    SortedMap<String, String> options,
    @Nullable Long version,
    @Nullable SchemaSpec schema,
    @Nullable MaxAge maxAge,
    GateSpec gate,
    Presence presence,
    List<String> sampleBy,
    @Nullable PathLayout layout,
    SourceLocation at) {

  /** Whether the pipeline runs without an input. */
  public enum Presence {
    /** A step that reads it cannot run without it. */
    REQUIRED,
    /** Where it is not there, ports that are bound to it are not bound. */
    OPTIONAL
  }

  public InputSpec {
    Names.check("dataset", name);
    options = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(options));
    sampleBy = List.copyOf(sampleBy);
  }

  public boolean isOptional() {
    return presence == Presence.OPTIONAL;
  }

  /** The same input, judged by another gate. */
  public InputSpec withGate(GateSpec other) {
    return new InputSpec(
        name, kind, location, format, options, version, schema, maxAge, other, presence, sampleBy,
        layout, at);
  }

  /** The same input, however old it is. */
  public InputSpec ofAnyAge() {
    return new InputSpec(
        name, kind, location, format, options, version, schema, null, gate, presence, sampleBy,
        layout, at);
  }

  /** The same input, lying elsewhere, where no file name says of which partition it is. */
  public InputSpec at(String otherLocation) {
    return new InputSpec(
        name,
        kind,
        otherLocation,
        format,
        options,
        version,
        schema,
        maxAge,
        gate,
        presence,
        sampleBy,
        null,
        at);
  }
}
