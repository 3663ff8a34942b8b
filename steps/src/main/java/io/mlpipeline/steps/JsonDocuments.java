package io.mlpipeline.steps;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Cuts files of JSON documents into records: every element of an array, every value that stands by
 * itself. Spark's own reader takes the first value of a file and leaves the others without a word.
 *
 * @param hadoop how files are opened
 * @param charset their encoding
 */
record JsonDocuments(SerializableConfiguration hadoop, String charset)
    implements FlatMapFunction<String, Row> {

  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public Iterator<Row> call(String uri) throws IOException {
    return new Records(uri, open(uri));
  }

  private Reader open(String uri) throws IOException {
    Path path = new Path(URI.create(uri));
    Configuration conf = hadoop.value();
    CompressionCodec codec = new CompressionCodecFactory(conf).getCodec(path);
    InputStream bytes = path.getFileSystem(conf).open(path);
    return new InputStreamReader(codec == null ? bytes : codec.createInputStream(bytes), charset);
  }

  /** Rows of path, record, and what cannot be a record. */
  private static final class Records implements Iterator<Row> {

    private final String uri;
    private final Reader text;
    private final JsonParser parser;
    private @Nullable Row next;
    private boolean done;
    private int depth;

    Records(String uri, Reader text) throws IOException {
      this.uri = uri;
      this.text = text;
      this.parser = JSON.createParser(new WithoutMark(text));
    }

    @Override
    public boolean hasNext() {
      if (next == null && !done) {
        next = read();
        done = next == null;
      }
      return next != null;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Row row = Objects.requireNonNull(next);
      next = null;
      return row;
    }

    private @Nullable Row read() {
      StringWriter record = new StringWriter();
      try {
        return step(record);
      } catch (JsonProcessingException broken) {
        // Nothing after this place can be told apart: the rest of the file is one bad record.
        done = true;
        String place = "line " + broken.getLocation().getLineNr();
        return RowFactory.create(uri, null, "from " + place + " on: " + record);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private @Nullable Row step(StringWriter record) throws IOException {
      JsonToken token = parser.nextToken();
      while ((token == JsonToken.START_ARRAY && depth == 0)
          || (token == JsonToken.END_ARRAY && depth == 1)) {
        depth = token == JsonToken.START_ARRAY ? 1 : 0;
        token = parser.nextToken();
      }
      if (token == null) {
        text.close();
        return null;
      }
      boolean isRecord = token == JsonToken.START_OBJECT;
      try (JsonGenerator out = JSON.createGenerator(record)) {
        copy(out);
      }
      String written = record.toString();
      return isRecord
          ? RowFactory.create(uri, written, null)
          : RowFactory.create(uri, null, written);
    }

    /** Numbers keep their digits. */
    private void copy(JsonGenerator out) throws IOException {
      int open = 0;
      JsonToken token = parser.currentToken();
      while (true) {
        if (token.isNumeric()) {
          out.writeNumber(parser.getText());
        } else {
          out.copyCurrentEvent(parser);
        }
        open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (open == 0) {
          return;
        }
        token = parser.nextToken();
        if (token == null) {
          return;
        }
      }
    }
  }

  /** Leaves out the mark that some editors put before the first character. */
  private static final class WithoutMark extends FilterReader {

    private boolean started;

    WithoutMark(Reader in) {
      super(in);
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      if (!started && count > 0) {
        started = true;
        if (buffer[offset] == '\uFEFF') {
          buffer[offset] = ' ';
        }
      }
      return count;
    }
  }
}
