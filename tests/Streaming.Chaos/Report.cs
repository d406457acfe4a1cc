using System.Globalization;
using Streaming.Chaos.Faults;

namespace Streaming.Chaos;

/// <summary>The table at the end of a run.</summary>
internal static class Report
{
    /// <summary>Prints a seed's line.</summary>
    public static void Write(SeedOutcome outcome)
    {
        var state = outcome.Failures.Count == 0 ? "ok" : "FAILED";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {outcome.Seed,8}  {outcome.Store,-6} {outcome.Log,-8} {outcome.Took.TotalSeconds,5:F1} s  {outcome.Records,6} records  {outcome.Entities,4} entities  "
            + $"{state}  {string.Join(", ", outcome.Faults)}"));
        foreach (var failure in outcome.Failures)
        {
            Console.WriteLine($"    {failure}");
        }
    }

    /// <summary>Prints what all seeds together were.</summary>
    public static void Write(IReadOnlyList<SeedOutcome> outcomes)
    {
        Console.WriteLine();
        Console.WriteLine("| fault | times | seeds | survived | what |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var fault in FaultCatalog.All)
        {
            var with = outcomes.Where(outcome => outcome.Faults.Contains(fault.Name)).ToList();
            var times = with.Sum(outcome => outcome.Faults.Count(name => name == fault.Name));
            var survived = with.Count == 0 ? "not drawn" : with.TrueForAll(outcome => outcome.Failures.Count == 0) ? "yes" : "NOT in seed "
                + string.Join(", ", with.Where(outcome => outcome.Failures.Count > 0).Select(outcome => outcome.Seed));
            if (with.Count == 0 && outcomes.All(outcome => outcome.Skipped.ContainsKey(fault.Name)))
            {
                survived = $"skipped: {outcomes[0].Skipped[fault.Name]}";
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {fault.Name} | {times} | {with.Count} | {survived} | {fault.What} |"));
        }

        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{outcomes.Count} seeds in {outcomes.Sum(each => each.Took.TotalSeconds):F0} s, {outcomes.Count(each => each.Failures.Count > 0)} failed: "
            + $"{outcomes.Sum(each => each.Lost):F0} events lost, {outcomes.Sum(each => each.Doubled):F0} doubled, {outcomes.Sum(each => each.Mismatches)} features that differ, "
            + $"{outcomes.Sum(each => each.Entities)} entities compared."));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{outcomes.Sum(each => each.Compared)} answers that nodes compared with the log themselves, {outcomes.Sum(each => each.ParityFaults)} of which differ."));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{outcomes.Sum(each => each.Records)} records: {outcomes.Sum(each => each.SentTwice)} of them sent twice, {outcomes.Sum(each => each.NotCounted)} duplicates or corrected, {outcomes.Sum(each => each.Late)} behind every window, "
            + $"{outcomes.Sum(each => each.DeadLetters.Different)} dead-lettered ({outcomes.Sum(each => each.DeadLetters.Again)} written again under the same id); "
            + $"{outcomes.Sum(each => each.Starts)} starts of nodes, {outcomes.Sum(each => each.Ends)} of which did not come up, ended by themselves or said that they are not live; answers meanwhile: {outcomes.Sum(each => each.Answers.Fresh)} fresh, "
            + $"{outcomes.Sum(each => each.Answers.Stale)} stale, {outcomes.Sum(each => each.Answers.Refused)} refused."));
    }
}
