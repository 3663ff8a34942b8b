package io.mlpipeline.spark.table;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.internal.io.FileCommitProtocol;
import org.apache.spark.internal.io.FileNameSpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Lets Spark write files, named by the attempt, straight where they belong, and brings back exactly
 * which files these are: no {@code _temporary}, no rename, no {@code _SUCCESS}, no listing.
 *
 * <p>That is safe because nobody reads such a directory by listing it: a file exists for readers
 * once a log entry names it. A task that fails deletes its own files; of a task that ran twice only
 * the files of the one that Spark counted are in the list. Spark makes instances by name; use
 * {@link FileWriter}.
 */
public final class AttemptCommitProtocol extends FileCommitProtocol implements Serializable {

  /** The write option that names who waits for the list of files. */
  static final String TOKEN = "mlpipeline.stage.token";

  /** The write option that goes into the names of the files. */
  static final String ATTEMPT = "mlpipeline.stage.attempt";

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(AttemptCommitProtocol.class);
  private static final Map<String, List<WrittenFile>> DONE = new ConcurrentHashMap<>();

  private final String root;
  private transient @Nullable List<Opened> opened;
  private transient @Nullable List<String> committed;

  private record Opened(String name, String directory) {}

  /** Called by Spark. */
  public AttemptCommitProtocol(String jobId, String path) {
    this.root = path;
  }

  /** The files of a finished write; each token is answered once. */
  static List<WrittenFile> take(String token) {
    List<WrittenFile> files = DONE.remove(token);
    if (files == null) {
      throw new IllegalStateException("Spark did not use " + AttemptCommitProtocol.class.getName());
    }
    return files;
  }

  @Override
  public void setupJob(JobContext job) {
    committed = new ArrayList<>();
  }

  @Override
  public void onTaskCommit(TaskCommitMessage message) {
    for (WrittenFile file : files(message)) {
      Objects.requireNonNull(committed).add(file.name());
    }
  }

  @Override
  public void commitJob(JobContext job, Seq<TaskCommitMessage> messages) {
    List<WrittenFile> all = new ArrayList<>();
    JavaConverters.seqAsJavaList(messages).forEach(message -> all.addAll(files(message)));
    all.sort(Comparator.comparing(WrittenFile::name));
    DONE.put(job.getConfiguration().get(TOKEN), all);
  }

  @Override
  public void abortJob(JobContext job) {
    if (committed != null) {
      committed.forEach(name -> deleteQuietly(name, job.getConfiguration()));
    }
  }

  @Override
  public void setupTask(TaskAttemptContext task) {
    opened = new ArrayList<>();
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester")
  public String newTaskTempFile(TaskAttemptContext task, Option<String> directory, String ext) {
    return newTaskTempFile(task, directory, new FileNameSpec("", ext));
  }

  @Override
  public String newTaskTempFile(
      TaskAttemptContext task, Option<String> directory, FileNameSpec spec) {
    String dir = directory.isDefined() ? directory.get() : "";
    String name =
        String.format(
            Locale.ROOT,
            "%spart-%s-%05d-%d%s",
            spec.prefix(),
            task.getConfiguration().get(ATTEMPT),
            task.getTaskAttemptID().getTaskID().getId(),
            task.getTaskAttemptID().getId(),
            spec.suffix());
    String relative = dir.isEmpty() ? name : dir + "/" + name;
    Objects.requireNonNull(opened).add(new Opened(relative, dir));
    return new Path(root, new Path(null, null, relative)).toString();
  }

  @Override
  @Deprecated
  public String newTaskTempFileAbsPath(TaskAttemptContext task, String directory, String ext) {
    throw new UnsupportedOperationException("tables have no partitions elsewhere");
  }

  @Override
  public TaskCommitMessage commitTask(TaskAttemptContext task) {
    try {
      List<String[]> texts = new ArrayList<>();
      for (Opened file : Objects.requireNonNull(opened)) {
        WrittenFile written = look(file, task.getConfiguration());
        if (written.rows() > 0) {
          texts.add(written.toText());
        } else {
          deleteQuietly(file.name(), task.getConfiguration());
        }
      }
      return new TaskCommitMessage(texts.toArray(String[][]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void abortTask(TaskAttemptContext task) {
    if (opened != null) {
      opened.forEach(file -> deleteQuietly(file.name(), task.getConfiguration()));
    }
  }

  private static List<WrittenFile> files(TaskCommitMessage message) {
    List<WrittenFile> files = new ArrayList<>();
    if (message.obj() instanceof String[][] texts) {
      for (String[] text : texts) {
        files.add(WrittenFile.fromText(text));
      }
    }
    return files;
  }

  private WrittenFile look(Opened file, Configuration conf) throws IOException {
    Path path = new Path(root, new Path(null, null, file.name()));
    FileSystem fs = path.getFileSystem(conf);
    FileStatus status = fs.getFileStatus(path);
    boolean parquet = file.name().endsWith(".parquet");
    ParquetStats stats = parquet ? ParquetStats.read(status, conf) : null;
    return new WrittenFile(
        file.name(),
        file.directory(),
        status.getLen(),
        status.getModificationTime(),
        stats == null ? lines(fs, path) : stats.rows(),
        stats == null ? null : stats.json(),
        stats == null ? Map.of() : stats.nulls());
  }

  private static long lines(FileSystem fs, Path path) throws IOException {
    long lines = 0;
    byte[] buffer = new byte[8192];
    try (InputStream in = new BufferedInputStream(fs.open(path))) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        for (int i = 0; i < read; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    return lines;
  }

  /** A file that stays is invisible and is found by gc, so a failure to delete is no failure. */
  private void deleteQuietly(String name, Configuration conf) {
    Path path = new Path(root, new Path(null, null, name));
    try {
      path.getFileSystem(conf).delete(path, false);
    } catch (IOException e) {
      LOG.warn("Could not delete {}: {}", path, e.toString());
    }
  }
}
