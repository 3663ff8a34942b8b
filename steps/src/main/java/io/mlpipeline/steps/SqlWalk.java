package io.mlpipeline.steps;

import java.util.function.Predicate;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import scala.Product;
import scala.collection.Iterator;

/** Visits every node of a query: children, expressions, subqueries and common table expressions. */
final class SqlWalk {

  private final Predicate<TreeNode<?>> visitor;

  private SqlWalk(Predicate<TreeNode<?>> visitor) {
    this.visitor = visitor;
  }

  /**
   * @param visitor sees each node before what is under it; false means not to look there
   */
  static void visit(TreeNode<?> root, Predicate<TreeNode<?>> visitor) {
    new SqlWalk(visitor).descend(root);
  }

  private void descend(Object value) {
    if (value instanceof TreeNode<?> node) {
      if (visitor.test(node)) {
        each(node.productIterator());
      }
    } else if (value instanceof scala.collection.Iterable<?> many) {
      each(many.iterator());
    } else if (value instanceof scala.Option<?> || value instanceof scala.Tuple2<?, ?>) {
      each(((Product) value).productIterator());
    }
  }

  private void each(Iterator<?> values) {
    while (values.hasNext()) {
      descend(values.next());
    }
  }
}
