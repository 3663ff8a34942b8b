package io.mlpipeline.steps;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Made-up customers with nulls, several types and a signal; row i is a function of i alone. */
public final class Customers {

  private Customers() {}

  public static Dataset<Row> rows(long count) {
    return rows(0, count);
  }

  static Dataset<Row> rows(long from, long to) {
    return org.apache.spark.sql.SparkSession.active()
        .range(from, to)
        .selectExpr(
            "id AS customer_id",
            "if(id % 13 = 0, null, cast(pmod(hash(id, 1), 72) AS int)) AS tenure",
            "cast(pmod(hash(id, 2), 9000) / 100.0 + 20 AS decimal(10,2)) AS charge",
            "if(id % 7 = 0, null, pmod(hash(id, 3), 1000) / 7.0D) AS `usage.rate`",
            "pmod(hash(id, 4), 2) = 0 AS paperless",
            "if(id % 11 = 0, null, element_at(array('basic','plus','pro'),"
                + " 1 + pmod(hash(id, 5), 3))) AS plan",
            "element_at(array('eu','us','asia','africa'), 1 + pmod(hash(id, 6), 4)) AS region")
        .selectExpr(
            "*",
            "pmod(hash(customer_id, 7), 100) < 20 + if(coalesce(tenure, 30) < 20, 35, 0)"
                + " + if(coalesce(plan, 'x') = 'basic', 20, 0) + charge / 10 AS churned");
  }
}
