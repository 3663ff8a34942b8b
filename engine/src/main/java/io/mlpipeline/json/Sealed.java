package io.mlpipeline.json;

import io.mlpipeline.model.Canonical;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was read of a document whose last field is its seal: a SHA-256 over every byte before it. A
 * seal names the document and shows that it was altered by accident or by hand; it is no signature,
 * since whoever alters a document can seal it again. That is seen only where another document holds
 * the old seal.
 *
 * @param value what the document says
 * @param seal 64 hex digits
 */
public record Sealed<T>(T value, String seal) {

  private static final String BEFORE = ",\"seal\":\"";
  private static final String AFTER = "\"}";
  private static final int HEX = 64;
  private static final int TAIL = BEFORE.length() + HEX + AFTER.length();
  private static final Pattern FORM = Pattern.compile(BEFORE + "([0-9a-f]{64})" + "\"\\}");

  /** A document on one line, with its seal. */
  static byte[] write(int format, Consumer<JsonOut> body) {
    byte[] open =
        JsonOut.compact(
            out -> {
              out.number("format", format);
              body.accept(out);
            });
    int length = open.length - 1; // without the brace at its end
    byte[] tail = (BEFORE + hash(open, length) + AFTER).getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(open, length + tail.length);
    System.arraycopy(tail, 0, whole, length, tail.length);
    return whole;
  }

  /** Reads a document whose seal holds. A newer one is told as such, whatever its seal. */
  static <T> Sealed<T> read(byte[] document, int newest, JsonIn.Reader<T> reader)
      throws FormException {
    return JsonIn.read(
        document,
        newest,
        in -> {
          String seal = verified(document);
          return new Sealed<>(reader.read(in), seal);
        });
  }

  /** Reads a document that has a seal from this format on; an older one is taken as it is. */
  static <T> T readSince(int sealed, byte[] document, int newest, JsonIn.Reader<T> reader)
      throws FormException {
    return JsonIn.read(
        document,
        newest,
        in -> {
          if (in.number("format") >= sealed) {
            verified(document);
          }
          return reader.read(in);
        });
  }

  /** The seal of a document that {@link #write} made. */
  static String of(byte[] document) {
    return new String(
        document, document.length - AFTER.length() - HEX, HEX, StandardCharsets.US_ASCII);
  }

  private static String verified(byte[] document) throws FormException {
    int length = Math.max(0, document.length - TAIL);
    String tail =
        new String(document, length, document.length - length, StandardCharsets.ISO_8859_1);
    Matcher form = FORM.matcher(tail);
    if (!form.matches()) {
      throw FormException.damaged("there is no seal at its end");
    }
    if (!form.group(1).equals(hash(document, length))) {
      throw FormException.damaged("it is not what was sealed");
    }
    return form.group(1);
  }

  private static String hash(byte[] bytes, int length) {
    MessageDigest sha = Canonical.sha256();
    sha.update(bytes, 0, length);
    return HexFormat.of().formatHex(sha.digest());
  }
}
