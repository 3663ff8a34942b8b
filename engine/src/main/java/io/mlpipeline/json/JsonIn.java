package io.mlpipeline.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One object of a JSON document, by field. Unknown fields are not looked at; a field that is absent
 * or of another type is a {@link FormException} that names it. {@code null} counts as absent.
 */
public final class JsonIn {

  private final Map<String, Object> fields;

  private JsonIn(Map<String, Object> fields) {
    this.fields = fields;
  }

  /** Makes a value of an object. */
  public interface Reader<T> {
    /** Reads what it needs, by name. */
    T read(JsonIn in) throws FormException;
  }

  /**
   * Reads a document whose field {@code format} says its version.
   *
   * @param newest the newest version that the reader knows
   * @throws FormException if the document is newer, damaged, or not what the reader expects
   */
  public static <T> T read(byte[] document, int newest, Reader<T> reader) throws FormException {
    JsonIn in = new JsonIn(parse(document));
    long format = in.number("format");
    if (format > newest) {
      throw new FormException(
          FormException.Kind.NEWER, "format " + format + " is newer than " + newest);
    }
    if (format < 1) {
      throw FormException.damaged("there is no format " + format);
    }
    try {
      return reader.read(in);
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new FormException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Map<String, Object> parse(byte[] document) throws FormException {
    try (JsonParser parser = JsonOut.FACTORY.createParser(document)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw FormException.damaged("no JSON object");
      }
      Map<String, Object> root = object(parser);
      if (parser.nextToken() != null) {
        throw FormException.damaged("something follows the JSON object");
      }
      return root;
    } catch (IOException e) {
      throw new FormException("no JSON: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      Object value = value(parser, parser.nextToken());
      if (value != null) {
        fields.put(name, value);
      }
    }
    return fields;
  }

  /** The value at a token. A number stays as it was written, so that nothing of it is lost. */
  private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Written(parser.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> values = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      Object value = value(parser, token);
      values.add(value == null ? Nothing.NULL : value);
      token = parser.nextToken();
    }
    return values;
  }

  private record Written(String number) {}

  private enum Nothing {
    NULL
  }

  /** A text. */
  public String text(String name) throws FormException {
    return required(name, findText(name));
  }

  /** A text, or null if the field is absent. */
  public @Nullable String findText(String name) throws FormException {
    return typed(name, fields.get(name), String.class);
  }

  /** A whole number. */
  public long number(String name) throws FormException {
    return toLong(name, required(name, typed(name, fields.get(name), Written.class)).number());
  }

  /** A whole number of 32 bits. */
  public int integer(String name) throws FormException {
    long value = number(name);
    if (value != (int) value) {
      throw FormException.damaged("'" + name + "' is too large: " + value);
    }
    return (int) value;
  }

  /** A number, finite or not. */
  public double decimal(String name) throws FormException {
    return toDouble(name, required(name, fields.get(name)));
  }

  /** True or false. */
  public boolean flag(String name) throws FormException {
    return required(name, typed(name, fields.get(name), Boolean.class));
  }

  /** A constant, written in lower case. */
  public <E extends Enum<E>> E constant(String name, Class<E> type) throws FormException {
    String word = text(name);
    try {
      return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new FormException("'" + name + "' may not be " + word, e);
    }
  }

  /** An object. */
  public <T> T object(String name, Reader<T> reader) throws FormException {
    return required(name, findObject(name, reader));
  }

  /** An object, or null if the field is absent. */
  public <T> @Nullable T findObject(String name, Reader<T> reader) throws FormException {
    Object value = fields.get(name);
    return value == null ? null : reader.read(new JsonIn(map(name, value)));
  }

  /** An array of objects. */
  public <T> List<T> array(String name, Reader<T> reader) throws FormException {
    List<T> values = new ArrayList<>();
    for (Object value : elements(name)) {
      values.add(reader.read(new JsonIn(map(name, value))));
    }
    return values;
  }

  /** An array of texts. */
  public List<String> texts(String name) throws FormException {
    List<String> values = new ArrayList<>();
    for (Object value : elements(name)) {
      values.add(required(name, typed(name, value, String.class)));
    }
    return values;
  }

  /** An object of texts. */
  public SortedMap<String, String> textMap(String name) throws FormException {
    SortedMap<String, String> values = new TreeMap<>();
    for (Map.Entry<String, Object> e : map(name, required(name, fields.get(name))).entrySet()) {
      values.put(e.getKey(), required(name, typed(name, e.getValue(), String.class)));
    }
    return values;
  }

  /** An object of numbers. */
  public SortedMap<String, Double> decimalMap(String name) throws FormException {
    SortedMap<String, Double> values = new TreeMap<>();
    for (Map.Entry<String, Object> e : map(name, required(name, fields.get(name))).entrySet()) {
      values.put(e.getKey(), toDouble(name, e.getValue()));
    }
    return values;
  }

  /** An object of objects. */
  public <T> SortedMap<String, T> objectMap(String name, Reader<T> reader) throws FormException {
    SortedMap<String, T> values = new TreeMap<>();
    for (Map.Entry<String, Object> e : map(name, required(name, fields.get(name))).entrySet()) {
      values.put(e.getKey(), reader.read(new JsonIn(map(name, e.getValue()))));
    }
    return values;
  }

  private List<?> elements(String name) throws FormException {
    return required(name, typed(name, fields.get(name), List.class));
  }

  @SuppressWarnings("unchecked") // every map in the tree was made by object(JsonParser)
  private static Map<String, Object> map(String name, Object value) throws FormException {
    return (Map<String, Object>) required(name, typed(name, value, Map.class));
  }

  private static <T> T required(String name, @Nullable T value) throws FormException {
    if (value == null) {
      throw FormException.damaged("'" + name + "' is missing");
    }
    return value;
  }

  private static <T> @Nullable T typed(String name, @Nullable Object value, Class<T> type)
      throws FormException {
    if (value == null || type.isInstance(value)) {
      return type.cast(value);
    }
    throw FormException.damaged("'" + name + "' is of another type");
  }

  private static long toLong(String name, String number) throws FormException {
    try {
      return Long.parseLong(number);
    } catch (NumberFormatException e) {
      throw new FormException("'" + name + "' is no whole number: " + number, e);
    }
  }

  private static double toDouble(String name, Object value) throws FormException {
    if (value instanceof Written written) {
      return Double.parseDouble(written.number());
    }
    if (value.equals("NaN") || value.equals("Infinity") || value.equals("-Infinity")) {
      return Double.parseDouble((String) value);
    }
    throw FormException.damaged("'" + name + "' is no number");
  }
}
