using Streaming.Chaos;

ChaosOptions options;
try
{
    options = ChaosOptions.Parse(args);
    if (options.Impossible() is { } reason)
    {
        throw new ArgumentException(reason);
    }
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine($"streaming: chaos: {wrong.Message}");
    return 2;
}

var outcomes = new List<SeedOutcome>();
foreach (var seed in options.Seeds)
{
    var outcome = await new SeedRun(options, seed).RunAsync();
    outcomes.Add(outcome);
    Report.Write(outcome);
}

Report.Write(outcomes);
if (outcomes.Find(outcome => outcome.Failures.Count > 0) is { } failed)
{
    Console.Error.WriteLine(FormattableString.Invariant(
        $"streaming: chaos: failed; again with: make chaos SEED={failed.Seed} STORE={failed.Store} LOG={failed.Log}"));
    return 1;
}

return 0;
