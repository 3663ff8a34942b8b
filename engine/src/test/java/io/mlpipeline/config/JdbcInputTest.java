package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.MaxAge;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an input may say of a database. */
class JdbcInputTest {

  private static final String STEPS =
      "\nsteps { s { uses: sql, inputs { a: db }, params { query: \"select 1\" }, outputs { o: {} } } }";

  @TempDir Path home;
  private ConfFixture conf;

  @BeforeEach
  void setUp() {
    conf = new ConfFixture(home);
  }

  @Test
  void readsWhatToAskAndInHowManyParts() {
    conf.pipeline(
        """
        pipeline: p
        inputs { db: { jdbc: "jdbc:postgresql://h:5432/d", table: public.orders, user: me, password-env: SECRET,
                       partition-column: id, lower: 1, upper: 2024-01-01, partitions: 8, fetch-size: 100,
                       max-age: 1d, max-age-column: at } }
        """
            + STEPS);
    InputSpec db = conf.load().spec().inputs().get(0);
    assertThat(db.kind()).isEqualTo(InputKind.JDBC);
    assertThat(db.location()).isEqualTo("jdbc:postgresql://h:5432/d");
    assertThat(db.maxAge()).isEqualTo(new MaxAge(Duration.ofDays(1), "at"));
    assertThat(db.options())
        .contains(entry("table", "public.orders"), entry("password-env", "SECRET"))
        .contains(entry("lower", "1"), entry("upper", "2024-01-01"), entry("partitions", "8"));
  }

  @Test
  void refusesSecretsAndHalfOfAnything() {
    refused("jdbc: \"jdbc:postgresql://me:pw@h/d\", table: t", "holds a password");
    refused("jdbc: \"jdbc:sqlserver://h;database=d;Password=x\", table: t", "holds a password");
    refused("jdbc: \"jdbc:postgresql://h/d\", table: t, password: x", "unknown key 'password'");
    refused("jdbc: \"postgresql://h/d\", table: t", "is no JDBC URL");
    refused("jdbc: \"jdbc:x://h/d\"", "needs either 'table' or 'query'");
    refused("jdbc: \"jdbc:x://h/d\", table: t, query: q", "needs either 'table' or 'query'");
    refused("jdbc: \"jdbc:x://h/d\", table: t, lower: 1", "no partition-column, upper, partitions");
    refused("jdbc: \"jdbc:x://h/d\", table: t, files: f", "stands beside 'jdbc'");
    refused("jdbc: \"jdbc:x://h/d\", table: t, format: csv", "makes no sense for a database");
    refused("jdbc: \"jdbc:x://h/d\", table: t, max-age: 1d", "add max-age-column");
    refused("files: f, format: csv, max-age-column: at", "add max-age: 2d");
  }

  private void refused(String input, String problem) {
    conf.pipeline("pipeline: p\ninputs { db: { " + input + " } }" + STEPS);
    assertThat(conf.problems()).anySatisfy(found -> assertThat(found).contains(problem));
  }
}
