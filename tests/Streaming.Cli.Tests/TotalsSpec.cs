using System.Diagnostics;

namespace Streaming.Cli.Tests;

/// <summary>The last line of <c>.ci/run</c> is read by programs; ops/make/totals writes it.</summary>
public sealed class TotalsSpec
{
    [Fact]
    public async Task Counts_of_all_projects_are_added_up()
    {
        using var cli = new Cli();
        Trx(cli, "a", total: 10, passed: 8, failed: 0, notExecuted: 0);
        Trx(cli, "b", total: 5, passed: 5, failed: 0, notExecuted: 0);
        Assert.Equal((0, "13 passed, 0 failed, 2 skipped"), await RunAsync(cli));
    }

    [Fact]
    public async Task A_failure_anywhere_fails_the_whole()
    {
        using var cli = new Cli();
        Trx(cli, "a", total: 10, passed: 9, failed: 1, notExecuted: 0);
        Trx(cli, "b", total: 5, passed: 4, failed: 0, notExecuted: 1);
        Assert.Equal((1, "13 passed, 1 failed, 1 skipped"), await RunAsync(cli));
    }

    [Fact]
    public async Task A_test_that_failed_is_named_with_its_reason()
    {
        using var cli = new Cli();
        File.WriteAllText(
            cli.PathOf("a.trx"),
            """
            <TestRun><Results>
              <UnitTestResult testName="Some.Spec.Good" outcome="Passed" />
              <UnitTestResult testName="Some.Spec.Bad" outcome="Failed">
                <Output><ErrorInfo><Message>Expected: 1
            Actual: 2</Message></ErrorInfo></Output>
              </UnitTestResult>
            </Results><ResultSummary><Counters total="2" passed="1" failed="1" /></ResultSummary></TestRun>
            """);
        Assert.Equal((1, "failed: Some.Spec.Bad: Expected: 1\n1 passed, 1 failed, 0 skipped"), await RunAsync(cli));
    }

    [Fact]
    public async Task Where_everything_must_run_a_skipped_test_is_named_and_fails_the_whole()
    {
        using var cli = new Cli();
        File.WriteAllText(
            cli.PathOf("a.trx"),
            """
            <TestRun><Results>
              <UnitTestResult testName="Some.Spec.Good" outcome="Passed" />
              <UnitTestResult testName="Some.Spec.Away" outcome="NotExecuted">
                <Output><ErrorInfo><Message>no broker</Message></ErrorInfo></Output>
              </UnitTestResult>
            </Results><ResultSummary><Counters total="2" passed="1" failed="0" /></ResultSummary></TestRun>
            """);
        Assert.Equal((0, "1 passed, 0 failed, 1 skipped"), await RunAsync(cli));
        Assert.Equal((1, "skipped: Some.Spec.Away: no broker\n1 passed, 0 failed, 1 skipped"), await RunAsync(cli, skipsFail: "1"));
    }

    [Fact]
    public async Task No_results_at_all_are_a_failure()
    {
        using var cli = new Cli();
        var (code, _) = await RunAsync(cli);
        Assert.Equal(1, code);
    }

    private static void Trx(Cli cli, string name, int total, int passed, int failed, int notExecuted) => File.WriteAllText(
        cli.PathOf(name + ".trx"),
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <TestRun><ResultSummary outcome="Completed">
          <Counters total="{total}" executed="{total - notExecuted}" passed="{passed}" failed="{failed}" error="0" timeout="0" aborted="0" inconclusive="0" notExecuted="{notExecuted}" />
        </ResultSummary></TestRun>
        """);

    private static async Task<(int Code, string Line)> RunAsync(Cli cli, string skipsFail = "0")
    {
        var start = new ProcessStartInfo(Path.Combine(Cli.RepositoryRoot, "ops", "make", "totals"), [cli.Folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["STREAMING_SKIPS_FAIL"] = skipsFail;
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, text.TrimEnd('\n'));
    }
}
