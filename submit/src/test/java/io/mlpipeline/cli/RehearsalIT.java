package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples, empty runs and cases of a small shop, by the commands that users type. */
class RehearsalIT {

  private static final int CUSTOMERS = 3000;

  @TempDir Path temp;

  @BeforeEach
  void writesAShop() throws IOException {
    TestSpark.session();
    Files.createDirectories(temp.resolve("conf/pipelines"));
    Files.createDirectories(temp.resolve("conf/schemas"));
    Files.createDirectories(temp.resolve("conf/tests"));
    Files.writeString(
        temp.resolve("conf/schemas/customers-v1.conf"),
        "columns { id: \"bigint\", name: \"string\" }\nkeys: [id]\n");
    Files.writeString(
        temp.resolve("conf/schemas/orders-v1.conf"),
        "columns { order: \"bigint\", id: \"string\", amount: \"decimal(10,2)\" }\n"
            + "keys: [order]\n");
    pipeline(
        "select c.id, count(o.order) as orders from customers c left join orders o on o.id = c.id"
            + " group by c.id");
    data(temp.resolve("data"), new Random(1), 1);
  }

  /** In any order and any number of files it is the same data. */
  private static void data(Path folder, Random random, int files) throws IOException {
    List<String> customers = new ArrayList<>();
    List<String> orders = new ArrayList<>();
    for (int i = 0; i < CUSTOMERS; i++) {
      customers.add(i + ",n" + i);
      orders.add(2 * i + "," + i + ",1.50");
      orders.add(2 * i + 1 + "," + i + ",2.5");
    }
    Collections.shuffle(customers, random);
    Collections.shuffle(orders, random);
    Files.createDirectories(folder.resolve("orders"));
    Files.writeString(folder.resolve("customers.csv"), "id,name\n" + String.join("\n", customers));
    int each = orders.size() / files;
    for (int i = 0; i < files; i++) {
      List<String> part = orders.subList(i * each, (i + 1) * each);
      Files.writeString(
          folder.resolve("orders/" + i + ".csv"), "order,id,amount\n" + String.join("\n", part));
    }
  }

  private void pipeline(String query) throws IOException {
    Files.writeString(
        temp.resolve("conf/pipelines/shop.conf"),
        """
        pipeline: shop
        params { data: "data" }
        inputs {
          raw_customers: { files: ${params.data}"/customers.csv", format: csv }
          raw_orders: { files: ${params.data}"/orders", format: csv, schema: orders-v1 }
        }
        steps {
          ingest_customers { uses: ingest, inputs { raw: raw_customers }
            outputs { rows: { as: customers, schema: customers-v1, gate: { block: ["RowCount > 2900"] } } } }
          orders { uses: sql, inputs { raw: raw_orders }, params { query: "select * from raw" }
            outputs { orders: { schema: orders-v1 } } }
          counts { uses: sql, inputs { customers: customers, orders: orders }, params { query: "%s" }
            outputs { counts: { keys: [id], gate: { block: ["IsUnique \\"id\\""] } } } }
          split { uses: split, inputs { rows: counts }, params { key: [id], holdout: 0.25 }
            outputs { train: {}, holdout: {} } }
        }
        """
            .formatted(query));
  }

  private Ran run(String... args) {
    return Ran.in(temp, args);
  }

  private Dataset<Row> table(String warehouse, String name) {
    return TestSpark.session()
        .read()
        .format("delta")
        .load(temp.resolve(warehouse).resolve("shop").resolve(name).toString());
  }

  private Set<Long> ids(String warehouse) {
    Set<Long> ids = new TreeSet<>();
    table(warehouse, "counts").select("id").collectAsList().forEach(r -> ids.add(r.getLong(0)));
    return ids;
  }

  @Tag("long")
  @Test
  void samplesOfJoinedTablesBelongTogetherWhereverTheyAreTaken() throws IOException {
    Ran ran = run("run", "shop", "--warehouse", "wh", "--sample", "10%");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains(
            "raw_customers, raw_orders by id",
            "customers: RowCount > 2900 judged as > 290 on a 10% sample, as a warning");
    assertThat(temp.resolve("wh/shop")).doesNotExist();
    assertThat(temp.resolve("wh/_ml/receipts")).doesNotExist();
    Set<Long> ids = ids("wh__sample-10pct");
    assertThat(ids.size()).isBetween(240, 360);
    // Every customer has both orders, and no order is without its customer.
    assertThat(table("wh__sample-10pct", "counts").filter("orders <> 2").count()).isZero();
    assertThat(table("wh__sample-10pct", "orders").count()).isEqualTo(2L * ids.size());
    // The split's own hash is another: a sample has its share of held-out rows.
    double heldOut = table("wh__sample-10pct", "holdout").count() / (double) ids.size();
    assertThat(heldOut).isBetween(0.15, 0.35);

    data(temp.resolve("other"), new Random(2), 3);
    run("run", "shop", "--warehouse", "wh2", "--sample", "10%", "--set", "params.data=other");
    assertThat(ids("wh2__sample-10pct")).isEqualTo(ids);

    Ran again = run("run", "shop", "--warehouse", "wh", "--sample", "0.1");
    assertThat(again.out()).contains("everything was reused");
    Ran listed = run("runs", "list", "--warehouse", "wh__sample-10pct");
    assertThat(listed.err()).contains("note: this warehouse holds samples of 10%");
    assertThat(listed.code()).isZero();
    Ran real = run("run", "shop", "--warehouse", "wh__sample-10pct");
    assertThat(real.code()).isEqualTo(2);
    assertThat(real.err()).contains("nothing else may go there");
  }

  @Test
  void aStepAloneReadsWhatIsAboveAsPublishedAndTheRealWarehouseStaysAsItWas() throws IOException {
    Ran never = run("run", "shop", "--warehouse", "wh", "--step", "counts", "--sample", "10%");
    assertThat(never.err()).contains("shop/customers was never published in");
    assertThat(run("run", "shop", "--warehouse", "wh", "--quiet").code()).isZero();
    List<Path> before = files(temp.resolve("wh"));

    Ran ran = run("run", "shop", "--warehouse", "wh", "--step", "counts", "--sample", "10%");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("customers is read as published, version 0, from", "customers, orders by id");
    assertThat(ids("wh__sample-10pct").size()).isBetween(240, 360);
    assertThat(table("wh__sample-10pct", "counts").filter("orders <> 2").count()).isZero();
    assertThat(files(temp.resolve("wh"))).isEqualTo(before);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      // Caches of code may be written at any time.
      return all.filter(
              p -> !p.toString().contains("_ml/cache") && !p.toString().contains("_ml/logs"))
          .sorted()
          .toList();
    }
  }

  @Test
  void withoutRowsEveryStepIsTriedAndWhatWouldFailIsFound() throws IOException {
    Files.delete(temp.resolve("data/customers.csv"));
    Ran good = run("run", "shop", "--warehouse", "wh", "--empty");
    assertThat(good.code()).as(good.err()).isZero();
    assertThat(good.out())
        .contains("it holds together", "counts (2 columns)", "nothing was written");
    assertThat(temp.resolve("wh/shop")).doesNotExist();

    pipeline(
        "select c.id, count(o.ordr) as orders from customers c left join orders o on o.id = c.id"
            + " group by c.id");
    Ran bad = run("run", "shop", "--warehouse", "wh", "--empty");
    assertThat(bad.code()).isEqualTo(2); // a query that does not fit its tables
    assertThat(bad.out())
        .contains("1 step fails", "ordr", "counts is not there: step counts failed");
  }

  @Test
  void aCaseSaysRowByRowWhatIsNotAsItShouldBe() throws IOException {
    Files.writeString(
        temp.resolve("conf/tests/shop.conf"),
        """
        cases {
          good {
            given { customers: [{ id: 1 }, { id: 2 }], orders: [{ order: 1, id: 1, amount: 1 }] }
            expect { tables { counts: [{ id: 2, orders: 0 }, { id: 1, orders: 1 }] } }
          }
          bad {
            given { customers: [{ id: 1 }, { id: 2 }], orders: [] }
            expect {
              tables { counts: [{ id: 1, orders: 1 }, { id: 3, orders: 0 }] }
              rejects { counts: ["IsUnique \\"id\\""] }
            }
          }
        }
        """);
    Ran ran = run("test", "shop", "--warehouse", "wh", "--junit", "out/report.xml");
    assertThat(ran.code()).as(ran.err()).isEqualTo(3);
    assertThat(ran.out())
        .contains(
            "ok      good",
            "FAILED  bad",
            "conf/tests/shop.conf:6",
            "counts was to be rejected, and was not",
            "rule 'IsUnique \"id\"' was to be broken, and holds",
            "differs       id=1: orders expected 1, was 0",
            "missing       id=3, orders=0",
            "not expected  id=2, orders=0",
            "1 of 2 cases failed");
    assertThat(Files.readString(temp.resolve("out/report.xml"))).contains("failures=\"1\"");
    assertThat(temp.resolve("wh/shop")).doesNotExist();

    Files.writeString(
        temp.resolve("conf/tests/shop.conf"),
        """
        cases {
          typo {
            given { custmers: [], customers: [{ idd: 1, name: 2 }, { id: x }] }
            expect { tables { counts: { count: 0 } } }
          }
        }
        """);
    Ran wrong = run("test", "shop", "--warehouse", "wh");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err())
        .contains(
            "conf/tests/shop.conf:3", "has no dataset 'custmers'", "did you mean 'customers'?");
  }

  @Test
  void theCasesThatComeWithThisRepositoryPass() {
    Path root = EngineHarness.CONF.getParent();
    for (String pipeline : List.of("churn", "telco")) {
      Ran ran = Ran.in(root, "test", pipeline, "--warehouse", temp.resolve("wh").toString());
      assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
    }
  }
}
