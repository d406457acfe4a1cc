// Hot: one call per view and read.
using System.Text;
using Streaming.Features.Aggregations;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Layout;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>Reads one view of one entity at one event time.</summary>
internal static class ViewReader
{
    /// <summary>Reads the wanted features. Header and slab may be the same memory (the owner) or the header a private copy of it.</summary>
    public static ReadOutcome Read(
        ViewReadPlan read,
        Span<long> header,
        ReadOnlySpan<long> slab,
        TextTable? texts,
        long at,
        in RequestEvent request,
        Span<FeatureValue> output)
    {
        var plan = read.View;
        if (header[SlabWords.Newest] != long.MinValue && at < header[SlabWords.Newest] - ViewPlan.ReadBackMillis)
        {
            return ReadOutcome.TooOld;
        }

        Slab.MoveTo(plan, header, slab, at);
        Span<long> columns = stackalloc long[plan.Columns.Length + 1];
        var own = Evaluate(read, texts, request, columns);
        var window = -1;
        scoped WindowRead current = default;
        for (var i = 0; i < read.Features.Length; i++)
        {
            var feature = plan.CompiledFeatures[read.Features[i]];
            if (feature.Window != window)
            {
                window = feature.Window;
                current = new WindowRead(header, slab, plan.HeaderWords, plan.FirstInput, plan.Windows[window], at, own, request.PostedAt);
            }

            output[read.Slots[i]] = Value(plan, feature, current, texts, request);
        }

        return ReadOutcome.Done;
    }

    // The columns of the request's own event; empty when it is none of the view's, or when the windows end before it.
    private static ReadOnlySpan<long> Evaluate(ViewReadPlan read, TextTable? texts, in RequestEvent request, Span<long> columns)
    {
        if (request.Batch is null)
        {
            return default;
        }

        var context = new ExpressionContext(request.Batch, request.Row);
        foreach (var column in read.Columns)
        {
            columns[column] = read.View.Columns[column].Evaluate(context, texts, mayAddText: false);
        }

        return columns;
    }

    private static FeatureValue Value(
        ViewPlan plan, FeaturePlan feature, in WindowRead window, TextTable? texts, in RequestEvent request)
    {
        if (!feature.Aggregator.TryRead(window, out var value, out var time))
        {
            return new(feature.Default, null, FeatureStatus.Absent, long.MinValue);
        }

        if (feature.TtlMillis != long.MaxValue && time != long.MinValue && time < window.At - feature.TtlMillis)
        {
            return new(feature.Default, null, FeatureStatus.Expired, time);
        }

        return feature.Type == FieldType.Text
            ? new(double.NaN, Text(plan.Columns[feature.Columns[0]], texts!, value, request), FeatureStatus.Present, time)
            : new(value, null, FeatureStatus.Present, time);
    }

    private static string Text(InputColumn column, TextTable texts, double code, in RequestEvent request)
    {
        if (code < TextTable.Unknown)
        {
            return texts[(long)code];
        }

        // Only the request's own text can be unknown.
        var context = new ExpressionContext(request.Batch!, request.Row);
        column.TryEvaluateText(context, out var text);
        return Encoding.UTF8.GetString(text);
    }
}
