package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.SinkSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an output may say of a database that follows it. */
class SinkConfigTest {

  private static final String URL = "jdbc: \"jdbc:postgresql://h:5432/d\"";

  @TempDir Path home;
  private ConfFixture conf;

  @BeforeEach
  void setUp() {
    conf = new ConfFixture(home);
  }

  private void write(String output) {
    conf.pipeline(
        """
        pipeline: p
        inputs { a: { files: "x", format: csv } }
        steps { s { uses: sql, inputs { a: a }, params { query: "select 1" }, outputs { o: {
          %s
        } } } }
        """
            .formatted(output));
  }

  @Test
  void readsWhereToAndAsWhom() {
    write(
        "keys: [id], sink: { " + URL + ", table: public.scores, user: me, password-env: SECRET }");
    SinkSpec sink = conf.load().spec().steps().get(0).outputs().get(0).sink();
    assertThat(sink.url()).isEqualTo("jdbc:postgresql://h:5432/d");
    assertThat(sink.table()).isEqualTo("public.scores");
    assertThat(sink.user()).isEqualTo("me");
    assertThat(sink.passwordEnv()).isEqualTo("SECRET");
    write("keys: [id], sink: { " + URL + ", table: scores, mode: upsert }");
    assertThat(conf.problems()).isEmpty();
  }

  @Test
  void refusesWhatCouldNotBeDeliveredByNameAndPlace() {
    refused("sink: { " + URL + ", table: t }", "sink' follows an output that has no keys");
    refused("keys: [id], sink: { " + URL + " }", "has no 'table'");
    refused("keys: [id], sink: { table: t }", "has no 'jdbc'");
    refused("keys: [id], sink: { " + URL + ", table: t, mode: append }", "cannot be 'append'");
    refused("keys: [id], sink: { " + URL + ", table: t, query: q }", "unknown key 'query'");
    refused("keys: [id], sink: { " + URL + ", table: \"a.b.c\" }", "is no table: 'a.b.c'");
    refused("keys: [id], sink: { " + URL + ", table: \"a;\\\"b\" }", "is no table");
    refused(
        "keys: [id], sink: { jdbc: \"jdbc:mysql://h/d\", table: t }",
        "is a jdbc:mysql database",
        "jdbc:postgresql: only");
    refused(
        "keys: [id], sink: { jdbc: \"jdbc:postgresql://me:pw@h/d\", table: t }",
        "holds a password");
    refused("keys: [id], sink: scores", "must be an object");
  }

  private void refused(String output, String... texts) {
    write(output);
    assertThat(conf.problems())
        .anySatisfy(found -> assertThat(found).contains("p.conf:4").contains(texts));
  }
}
