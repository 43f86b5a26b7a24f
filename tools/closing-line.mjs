// `N passed, N failed` over the checks and the tests of one run of .ci/run; exits 1 unless something ran and all of it passed.
// Before it, each test that passed only when it was tried again: a defect of the test or of the product, to be looked into.
import { readFileSync } from 'node:fs';

const [checkFile, testFile] = process.argv.slice(2);
const checks = countChecks(checkFile);
const tests = countTests(testFile);
const passed = checks.passed + tests.passed;
const failed = checks.failed + tests.failed;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** A run that left no result has failed. */
function countChecks(file) {
  const found = /^(\d+) checks passed, (\d+) failed$/m.exec(read(file));
  return found ? { passed: Number(found[1]), failed: Number(found[2]) } : { passed: 0, failed: 1 };
}

/** A test that was skipped proves nothing and counts as failed, as does a file that could not even be loaded. */
function countTests(file) {
  let report;
  try {
    report = JSON.parse(read(file));
  } catch {
    return { passed: 0, failed: 1 };
  }
  for (const { fullName, status, failureMessages } of report.testResults.flatMap((suite) => suite.assertionResults)) {
    if (status === 'passed' && failureMessages.length > 0) console.log(`tried twice: ${fullName}`);
  }
  const unproven = report.numPendingTests + report.numTodoTests;
  const broken = report.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0);
  const failed = report.numFailedTests + unproven + broken.length;
  const isEmpty = report.numPassedTests === 0;
  // Errors outside any test make the run as a whole fail without a failed test.
  return { passed: report.numPassedTests, failed: isEmpty || (failed === 0 && !report.success) ? failed + 1 : failed };
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
