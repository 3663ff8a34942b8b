package io.mlpipeline.port;

import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.Waiver;
import java.util.List;
import java.util.Optional;

/**
 * What gates remember: measurements of earlier versions, sketches of their distributions, and
 * waivers. All are small immutable objects, put if absent; safe from any number of processes.
 */
public interface GateStore {

  /** Remembers a measurement; the same attempt twice is one. */
  void add(Measurement measurement);

  /** The newest measurements of a dataset, newest first, whatever their verdict. */
  List<Measurement> newest(String pipeline, String dataset, int limit);

  /** Records a waiver; the same one twice is one. */
  void add(Waiver waiver);

  /** Every waiver of a pipeline, expired ones included, oldest first. */
  List<Waiver> waivers(String pipeline);

  /**
   * Keeps a profile of a dataset's content: bytes whose form is the writer's.
   *
   * @param content the content's digest
   * @param kind what sort of profile, in small letters, digits and {@code -}
   */
  void putProfile(String pipeline, String dataset, String content, String kind, byte[] profile);

  /** A profile that was kept; empty if there is none. */
  Optional<byte[]> findProfile(String pipeline, String dataset, String content, String kind);
}
