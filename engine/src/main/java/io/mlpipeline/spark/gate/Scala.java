package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.Seq;

/** The little that Deequ and Catalyst need of Scala's collections. */
final class Scala {

  private Scala() {}

  static <T> List<T> list(Seq<T> sequence) {
    List<T> all = new ArrayList<>(sequence.size());
    Iterator<T> each = sequence.iterator();
    while (each.hasNext()) {
      all.add(each.next());
    }
    return all;
  }

  static <T> Option<T> option(Optional<T> value) {
    return value.isPresent() ? Option.apply(value.get()) : Option.empty();
  }
}
