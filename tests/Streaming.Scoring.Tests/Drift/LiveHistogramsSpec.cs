using System.Collections.Immutable;
using Streaming.Scoring.Drift;

namespace Streaming.Scoring.Tests.Drift;

public class LiveHistogramsSpec
{
    private static readonly ImmutableArray<BaselineHistogram> s_baseline =
    [
        BaselineBuilder.Of("a", [.. Enumerable.Range(0, 1_000).Select(i => (double)i)]),
        BaselineBuilder.Of("score", [.. Enumerable.Range(0, 1_000).Select(i => i / 1_000.0)]),
    ];

    [Fact]
    public void The_window_forgets_its_oldest_part()
    {
        var live = new LiveHistograms(s_baseline, panes: 3);
        for (var pane = 0; pane < 5; pane++)
        {
            for (var i = 0; i < 1_000; i++)
            {
                live.Add([pane == 0 ? float.NaN : i], i / 1_000.0);
            }

            Assert.Equal(Math.Min(3, pane + 1) * 1_000, live.Compare()[0].Rows);
            Assert.Equal(pane < 3, live.Compare()[0].MissingRate > 0);
            live.Turn();
        }
    }

    [Fact]
    public void Callers_at_once_lose_no_count()
    {
        var live = new LiveHistograms(s_baseline, panes: 2);
        Parallel.For(0, 10_000, i => live.Add([i % 1_000], 0.5));
        Assert.All(live.Compare(), finding => Assert.Equal(10_000, finding.Rows));
    }

    [Fact]
    public void A_count_allocates_nothing()
    {
        var live = new LiveHistograms(s_baseline, panes: 2);
        live.Add([1], 0.5);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            live.Add([i], 0.5);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_vector_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new LiveHistograms(s_baseline, panes: 2).Add([1, 2], 0.5));
}
