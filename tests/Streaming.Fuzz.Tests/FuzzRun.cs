using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Streaming.Fuzz.Tests;

/// <summary>
/// Feeds a target with mutations of good inputs until it throws. Each round has a seed of its own, which a failure names with the smallest input found:
/// STREAMING_FUZZ_SEED runs that round first again, STREAMING_FUZZ_SECONDS (make fuzz) says how long, else a few thousand rounds are run.
/// </summary>
internal static class FuzzRun
{
    private const int QuickRounds = 3_000;
    private const int ShownBytes = 400;

    /// <param name="corpus">Good inputs, and bad ones of the past.</param>
    /// <param name="target">Returns for every input, good or bad; an exception is a fault.</param>
    public static void Run(IReadOnlyList<byte[]> corpus, Action<byte[]> target)
    {
        var first = Number("STREAMING_FUZZ_SEED") ?? Random.Shared.Next();
        var seconds = Number("STREAMING_FUZZ_SECONDS");
        var clock = Stopwatch.StartNew();
        for (var round = 0; seconds is null ? round < QuickRounds : clock.Elapsed.TotalSeconds < seconds; round++)
        {
            var seed = unchecked(first + round);
            var input = new Mutator(corpus, new Random(seed)).Next();
            if (FaultOf(target, input) is { } fault)
            {
                Assert.Fail(Report(seed, Smallest(input, target, fault.GetType()), fault));
            }
        }
    }

    private static Exception? FaultOf(Action<byte[]> target, byte[] input)
    {
        try
        {
            target(input);
            return null;
        }
        catch (Exception fault)
        {
            return fault;
        }
    }

    /// <summary>Leaves out ever smaller parts as long as the same kind of exception comes.</summary>
    private static byte[] Smallest(byte[] input, Action<byte[]> target, Type kind)
    {
        for (var length = input.Length / 2; length > 0; length /= 2)
        {
            for (var at = 0; at + length <= input.Length;)
            {
                byte[] shorter = [.. input.AsSpan(0, at), .. input.AsSpan(at + length)];
                if (FaultOf(target, shorter)?.GetType() == kind)
                {
                    input = shorter;
                }
                else
                {
                    at += length;
                }
            }
        }

        return input;
    }

    private static string Report(int seed, byte[] input, Exception fault) => string.Create(
        CultureInfo.InvariantCulture,
        $"STREAMING_FUZZ_SEED={seed}, {input.Length} bytes {Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, ShownBytes)))} ({Encoding.UTF8.GetString(input)}): {fault}");

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
