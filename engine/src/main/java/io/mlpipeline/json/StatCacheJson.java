package io.mlpipeline.json;

import java.util.Map;
import java.util.SortedMap;

/**
 * The stored form of a stat cache: what the bytes of a file were when it looked like this. Losing
 * it costs time and nothing else.
 */
public final class StatCacheJson {

  private static final int FORMAT = 1;

  private StatCacheJson() {}

  /**
   * One file as it was when its bytes were read.
   *
   * @param size bytes
   * @param modifiedNanos modification time, nanoseconds since the epoch
   * @param fileKey what the file system knows it by, inode and device on Unix
   * @param sha256 64 hex digits
   */
  public record Seen(long size, long modifiedNanos, String fileKey, String sha256) {}

  /** One line of JSON, files by name. */
  public static byte[] write(Map<String, Seen> files) {
    return JsonOut.compact(
        out ->
            out.number("format", FORMAT)
                .object(
                    "files",
                    files,
                    (o, map) ->
                        map.forEach(
                            (k, v) ->
                                o.object(
                                    k,
                                    v,
                                    (p, s) -> {
                                      p.number("size", s.size())
                                          .number("modified_nanos", s.modifiedNanos())
                                          .text("file_key", s.fileKey())
                                          .text("sha256", s.sha256());
                                    }))));
  }

  public static SortedMap<String, Seen> read(byte[] document) throws FormException {
    return JsonIn.read(document, FORMAT, in -> in.objectMap("files", StatCacheJson::seen));
  }

  private static Seen seen(JsonIn in) throws FormException {
    return new Seen(
        in.number("size"), in.number("modified_nanos"), in.text("file_key"), in.text("sha256"));
  }
}
