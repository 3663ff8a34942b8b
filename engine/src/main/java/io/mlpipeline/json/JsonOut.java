package io.mlpipeline.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON document, field by field, in the order of the calls.
 *
 * <p>A null text is left out. NaN and the infinities become strings, because JSON has no tokens for
 * them. Half of a surrogate pair becomes the replacement character, so that any message can be
 * written. The same calls give the same bytes.
 */
public final class JsonOut {

  static final JsonFactory FACTORY = new JsonFactory();

  private final JsonGenerator out;

  private JsonOut(JsonGenerator out) {
    this.out = out;
  }

  /** A document on one line, as UTF-8. */
  public static byte[] compact(Consumer<JsonOut> body) {
    return document(body, null);
  }

  /** A document for people, two spaces a level, with a newline at its end, as UTF-8. */
  public static byte[] pretty(Consumer<JsonOut> body) {
    return document(body, new PeoplePrinter());
  }

  /** Two spaces a level, one after a colon, and none inside of what is empty. */
  private static final class PeoplePrinter extends DefaultPrettyPrinter {

    private static final long serialVersionUID = 1L;

    PeoplePrinter() {
      DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
      indentArraysWith(indenter);
      indentObjectsWith(indenter);
    }

    @Override
    public DefaultPrettyPrinter createInstance() {
      return new PeoplePrinter();
    }

    @Override
    public void writeObjectFieldValueSeparator(JsonGenerator g) throws IOException {
      g.writeRaw(": ");
    }

    @Override
    public void writeEndObject(JsonGenerator g, int entries) throws IOException {
      end(g, entries, '}');
    }

    @Override
    public void writeEndArray(JsonGenerator g, int values) throws IOException {
      end(g, values, ']');
    }

    private void end(JsonGenerator g, int size, char bracket) throws IOException {
      _nesting--;
      if (size > 0) {
        _objectIndenter.writeIndentation(g, _nesting);
      }
      g.writeRaw(bracket);
    }
  }

  private static byte[] document(Consumer<JsonOut> body, @Nullable DefaultPrettyPrinter printer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      if (printer != null) {
        generator.setPrettyPrinter(printer);
      }
      generator.writeStartObject();
      body.accept(new JsonOut(generator));
      generator.writeEndObject();
      if (printer != null) {
        generator.writeRaw('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A text; nothing if it is null. */
  public JsonOut text(String name, @Nullable String value) {
    if (value != null) {
      write(() -> out.writeStringField(name, wellFormed(value)));
    }
    return this;
  }

  /** A whole number. */
  public JsonOut number(String name, long value) {
    write(() -> out.writeNumberField(name, value));
    return this;
  }

  /** A number; a string if it is not finite. */
  public JsonOut decimal(String name, double value) {
    write(
        () -> {
          out.writeFieldName(wellFormed(name));
          if (Double.isFinite(value)) {
            out.writeNumber(value);
          } else {
            out.writeString(Double.toString(value));
          }
        });
    return this;
  }

  /** True or false. */
  public JsonOut flag(String name, boolean value) {
    write(() -> out.writeBooleanField(name, value));
    return this;
  }

  /** An object; nothing if the value is null. */
  public <T> JsonOut object(String name, @Nullable T value, BiConsumer<JsonOut, T> body) {
    if (value != null) {
      write(() -> out.writeObjectFieldStart(wellFormed(name)));
      body.accept(this, value);
      write(out::writeEndObject);
    }
    return this;
  }

  /** An array with one object for each element. */
  public <T> JsonOut array(String name, Iterable<T> values, BiConsumer<JsonOut, T> body) {
    write(() -> out.writeArrayFieldStart(name));
    for (T value : values) {
      write(out::writeStartObject);
      body.accept(this, value);
      write(out::writeEndObject);
    }
    write(out::writeEndArray);
    return this;
  }

  /** An array of texts. */
  public JsonOut texts(String name, Collection<String> values) {
    write(() -> out.writeArrayFieldStart(name));
    for (String value : values) {
      write(() -> out.writeString(wellFormed(value)));
    }
    write(out::writeEndArray);
    return this;
  }

  /** An object with one text for each key. */
  public JsonOut textMap(String name, Map<String, String> values) {
    return object(name, values, (o, map) -> map.forEach((k, v) -> o.text(wellFormed(k), v)));
  }

  /** An object with one number for each key. */
  public JsonOut decimalMap(String name, Map<String, Double> values) {
    return object(name, values, (o, map) -> map.forEach(o::decimal));
  }

  private static void write(Write call) {
    try {
      call.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return replaceHalves(text);
      }
    }
    return text;
  }

  private static String replaceHalves(String text) {
    StringBuilder whole = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(whole::appendCodePoint);
    return whole.toString();
  }

  private interface Write {
    void run() throws IOException;
  }
}
