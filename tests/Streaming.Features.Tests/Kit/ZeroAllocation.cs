using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Features.Tests.Kit;

/// <summary>Proves that a steady stream is applied and read without allocating: events leave as fast as they come.</summary>
internal static class ZeroAllocation
{
    private const int Measured = 400;

    public static void Check(EntityPlan plan)
    {
        var state = new EntityState(plan);
        var step = plan.Views.Max(v => v.RetentionMillis) / 100;
        var batch = Transactions.Batch([.. Enumerable.Range(0, Allocations.Runs * Measured).Select(i => new Transaction(
            0, i, RandomStream.Start + (i * step), i % 7 == 0 ? double.NaN : i % 50, i % 5 - 2, i % 2, Mcc: (i % 3).ToString(), Seen: i))]);
        var values = new FeatureValue[plan.AllFeatures.OutputLength];
        var next = 0;
        Allocations.AssertNone(() => Run(state, batch, next, next += Measured, values));
    }

    private static void Run(EntityState state, Events.EventBatch batch, int from, int until, FeatureValue[] values)
    {
        Span<int> row = stackalloc int[1];
        for (var i = from; i < until; i++)
        {
            row[0] = i;
            var at = batch.Times(1)[i];
            var applied = state.Apply(state.Plan.Feeds[0], batch, row);
            var read = state.Read(state.Plan.AllFeatures, at + 5, batch, i, values);
            var tried = state.TryRead(state.Plan.AllFeatures, at - 5, null, 0, values);
            if (applied != 1 || read != ReadOutcome.Done || tried != ReadOutcome.Done)
            {
                throw new InvalidOperationException($"event {i}: applied {applied}, read {read}, tried {tried}");
            }
        }
    }
}
