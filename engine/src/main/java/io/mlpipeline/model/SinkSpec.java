package io.mlpipeline.model;

import org.jspecify.annotations.Nullable;

/**
 * A table of a database that follows a dataset: whatever was published is upserted there by the
 * output's keys. No password is in it, only the name of the variable that holds it.
 *
 * @param url the database, as JDBC names it
 * @param table the table as it is called there, or {@code schema.table}; case counts
 * @param user as whom; null for the driver's default
 * @param passwordEnv the environment variable that holds the password; null for none
 * @param driver the driver's class; null if the URL tells
 * @param at where it was written
 */
public record SinkSpec(
    String url,
    String table,
    @Nullable String user,
    @Nullable String passwordEnv,
    @Nullable String driver,
    SourceLocation at) {

  /** What place this is; who goes there, and how, is no part of it. */
  public String place() {
    return url + " " + table;
  }
}
