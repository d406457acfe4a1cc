using Streaming.Features.Layout;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>The content of state bytes of versions 2 and 3, which are read and no longer written: every word as it is.</summary>
internal static class PlainBytes
{
    /// <summary>Takes the offsets; null where a feed is not of the plan.</summary>
    public static AppliedOffsets? ReadApplied(EntityPlan plan, ref StateReader reader)
    {
        var applied = new AppliedOffsets();
        var count = reader.Count();
        for (var i = 0; i < count && !reader.Failed; i++)
        {
            var name = reader.Text();
            var (partition, offset) = (reader.Int(), reader.Long());
            var feed = plan.Feeds.FirstOrDefault(f => f.Name == name);
            if (feed is null && !reader.Failed)
            {
                return null;
            }

            applied.Set(feed?.Index ?? 0, partition, offset);
        }

        return applied;
    }

    /// <summary>Takes the views; null where one is of another layout.</summary>
    public static ViewState[]? ReadViews(EntityPlan plan, ref StateReader reader)
    {
        var views = new ViewState[plan.Views.Length];
        for (var i = 0; i < views.Length && !reader.Failed; i++)
        {
            if ((ulong)reader.Long() != plan.Views[i].Fingerprint)
            {
                return null;
            }

            views[i] = ReadView(plan.Views[i], ref reader);
        }

        return views;
    }

    /// <summary>Takes the ids of an entity; false where they are those of other feeds.</summary>
    public static bool ReadIds(EntityPlan plan, SeenIds?[]? seen, ref StateReader reader)
    {
        for (var feed = 0; feed < seen?.Length && !reader.Failed; feed++)
        {
            if (plan.Feeds[feed].Duplicates is not { } rule)
            {
                continue;
            }

            if ((ulong)reader.Long() != EntityPlan.FingerprintOf(plan.Feeds[feed]))
            {
                return false;
            }

            var count = reader.Int();
            seen[feed] = SeenIdsBytes.Read(rule, count < 0 ? int.MaxValue : count, isPacked: false, ref reader);
        }

        return true;
    }

    private static ViewState ReadView(ViewPlan plan, ref StateReader reader)
    {
        var header = reader.Words(plan.HeaderWords);
        var count = header.Length == 0 ? 0 : header[SlabWords.Count];
        if (reader.Failed || count < 0 || count > reader.Remaining / (sizeof(long) * plan.ColumnCount))
        {
            reader.Fail();
            return new ViewState(plan);
        }

        var columns = reader.Words(plan.ColumnCount * (int)count);
        var texts = new string[reader.Count()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.Text();
        }

        var superseded = plan.HasCorrections ? SupersededEvents.Read(ref reader, reader.Int(), plan.ColumnCount) : null;
        if (!reader.Failed && ViewState.TryRestore(plan, header, columns, texts, superseded) is { } state)
        {
            return state;
        }

        reader.Fail();
        return new ViewState(plan);
    }
}
