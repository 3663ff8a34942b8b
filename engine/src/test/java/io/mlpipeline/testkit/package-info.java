/** What tests of every module share: one session, fakes, contract suites. */
package io.mlpipeline.testkit;
