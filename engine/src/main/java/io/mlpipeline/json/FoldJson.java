package io.mlpipeline.json;

import java.util.List;

/** The stored form of an announced fold: the keys of the receipts that it moves. */
public final class FoldJson {

  private static final int FORMAT = 1;

  private FoldJson() {}

  /** One line of JSON. */
  public static byte[] write(List<String> receipts) {
    return JsonOut.compact(out -> out.number("format", FORMAT).texts("receipts", receipts));
  }

  public static List<String> read(byte[] document) throws FormException {
    return JsonIn.read(document, FORMAT, in -> in.texts("receipts"));
  }
}
