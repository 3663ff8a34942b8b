package io.mlpipeline.spark.ml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * MLlib's metadata: JSON as plain values, and the same without what says nothing about the model.
 * Objects are sorted maps, numbers {@link BigDecimal}, and null is {@link #NULL}.
 */
final class MetadataJson {

  static final Object NULL = new Object();

  private static final String OUTPUT = "__output";

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private MetadataJson() {}

  /** Every document of a text; fails on anything that is not JSON, and on a key given twice. */
  static List<Object> parse(String text) throws IOException {
    List<Object> documents = new ArrayList<>();
    try (JsonParser parser = FACTORY.createParser(text)) {
      while (parser.nextToken() != null) {
        documents.add(value(parser));
      }
    }
    return documents;
  }

  private static Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> NULL;
      default -> throw new IOException("unexpected " + token);
    };
  }

  private static SortedMap<String, Object> object(JsonParser parser) throws IOException {
    SortedMap<String, Object> map = new TreeMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      map.put(key, value(parser));
    }
    return map;
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }

  /** Adds the uid of every stage that is described here, with what stands for it. */
  static void collectUids(Object json, Map<String, String> uids) {
    if (json instanceof Map<?, ?> map) {
      if (isHeader(map) && map.get("uid") instanceof String uid) {
        uids.putIfAbsent(uid, "\0" + uids.size());
      }
      map.values().forEach(value -> collectUids(value, uids));
    } else if (json instanceof List<?> list) {
      list.forEach(value -> collectUids(value, uids));
    }
  }

  /** Adds every value at this key, however deep. */
  static void collect(String key, Object json, List<Object> values) {
    if (json instanceof Map<?, ?> map) {
      map.forEach(
          (name, value) -> {
            if (name.equals(key)) {
              values.add(value);
            }
            collect(key, value, values);
          });
    } else if (json instanceof List<?> list) {
      list.forEach(value -> collect(key, value, values));
    }
  }

  /** One text for equal content: keys sorted, no time, no uid, Spark's version as major.minor. */
  static String normalized(Object json, Map<String, String> uids) {
    StringBuilder out = new StringBuilder();
    append(out, json, uids);
    return out.toString();
  }

  /** A string that may itself hold metadata, as the trees of a forest do. */
  static String normalizedText(String text, Map<String, String> uids) {
    if (!text.startsWith("{")) {
      return withoutUid(text, uids);
    }
    try {
      StringBuilder out = new StringBuilder();
      parse(text).forEach(document -> append(out, document, uids));
      return out.toString();
    } catch (IOException ignored) {
      return text;
    }
  }

  /** MLlib calls an output column after the uid unless it is told otherwise. */
  private static String withoutUid(String text, Map<String, String> uids) {
    boolean isOutput = text.endsWith(OUTPUT);
    String uid = isOutput ? text.substring(0, text.length() - OUTPUT.length()) : text;
    String place = uids.get(uid);
    return place == null ? text : isOutput ? place + OUTPUT : place;
  }

  private static void append(StringBuilder out, Object json, Map<String, String> uids) {
    if (json instanceof Map<?, ?> map) {
      boolean header = isHeader(map);
      out.append('{').append(map.size()).append(':');
      map.forEach(
          (key, value) -> {
            quote(out, (String) key);
            append(out, header ? headerValue((String) key, value) : value, uids);
          });
      out.append('}');
    } else if (json instanceof List<?> list) {
      out.append('[').append(list.size()).append(':');
      list.forEach(element -> append(out, element, uids));
      out.append(']');
    } else if (json instanceof String text) {
      quote(out, normalizedText(text, uids));
    } else if (json instanceof BigDecimal number) {
      out.append('n').append(number.stripTrailingZeros()).append(';');
    } else {
      out.append(json == NULL ? "null;" : json + ";");
    }
  }

  private static boolean isHeader(Map<?, ?> map) {
    return map.containsKey("class") && map.containsKey("uid") && map.containsKey("sparkVersion");
  }

  private static Object headerValue(String key, Object value) {
    return switch (key) {
      case "uid", "timestamp" -> NULL;
      case "sparkVersion" -> ((String) value).replaceFirst("^(\\d+\\.\\d+).*", "$1");
      default -> value;
    };
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"').append(text.length()).append(':').append(text);
  }
}
