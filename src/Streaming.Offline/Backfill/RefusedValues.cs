using Streaming.Features.Events;
using Streaming.Features.Numerics;

namespace Streaming.Offline.Backfill;

/// <summary>Values that no event's field may have: what a node sets aside and ingest refuses.</summary>
internal static class RefusedValues
{
    /// <summary>The first row that holds none; -1 if all do.</summary>
    public static int First(EventColumn column, SourceField field, bool isId, int rows)
    {
        var (shortest, longest) = (field.Nullable ? -1 : isId ? 1 : 0, isId ? EventLimits.KeyBytesMax : int.MaxValue);
        return column switch
        {
            NumberColumn numbers => Array.FindIndex(
                numbers.Values, 0, rows, value =>
                    double.IsNaN(value)
                        ? !field.Nullable
                        : field.Type == FieldType.Flag ? value is not (0 or 1) : !NumberRange.Contains(value)),
            TimeColumn times => Array.FindIndex(
                times.Values, 0, rows, time => time == TimeColumn.Null ? !field.Nullable : !EventLimits.IsEventTime(time)),
            _ => First((TextColumn)column, rows, shortest, longest, isId),
        };
    }

    private static int First(TextColumn texts, int rows, int shortest, int longest, bool isId)
    {
        for (var row = 0; row < rows; row++)
        {
            var length = texts.Length[row];
            if (length < shortest || length > longest || (isId && length > 0 && EventLimits.Unseen(texts[row]) is not null))
            {
                return row;
            }
        }

        return -1;
    }
}
