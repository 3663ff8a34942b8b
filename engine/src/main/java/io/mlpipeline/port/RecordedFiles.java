package io.mlpipeline.port;

import java.util.Set;

/** What records name besides the logs of tables: nobody may remove it as left over. */
public interface RecordedFiles {

  /**
   * What every reuse entry, every manifest and every card of a registered version names.
   *
   * @throws io.mlpipeline.model.EngineException if one cannot be read: who removes what no record
   *     names must have read all
   */
  Names load();

  /**
   * Names, relative to the warehouse.
   *
   * @param files data files that gates rejected and that are kept to be judged again
   * @param directories directories of models, published or kept
   */
  record Names(Set<String> files, Set<String> directories) {

    public Names {
      files = Set.copyOf(files);
      directories = Set.copyOf(directories);
    }
  }
}
