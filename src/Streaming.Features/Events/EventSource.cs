using System.Collections.Immutable;

namespace Streaming.Features.Events;

/// <summary>How a field of an event is held in memory.</summary>
public enum FieldType
{
    /// <summary>A double; integers up to 2^53 are exact.</summary>
    Number,

    /// <summary>True or false; held as 1 or 0.</summary>
    Flag,

    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>An instant: milliseconds since the epoch, UTC.</summary>
    Time,
}

/// <summary>One field of an event source.</summary>
public sealed record SourceField(string Name, FieldType Type, bool Nullable);

/// <summary>What one topic's events offer to feature views: a name and its fields, in the order of their columns.</summary>
public sealed record EventSource(string Name, ImmutableArray<SourceField> Fields)
{
    /// <summary>The time field that says when an event was in the log, hence known; null where nothing says so.</summary>
    public string? LogTime { get; init; }

    /// <summary>The column of a field, or -1.</summary>
    public int IndexOf(string field)
    {
        for (var i = 0; i < Fields.Length; i++)
        {
            if (Fields[i].Name == field)
            {
                return i;
            }
        }

        return -1;
    }
}
