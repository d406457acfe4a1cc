using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Streaming.Log;

namespace Streaming.Ingest;

/// <summary>Where a record is in the log.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset in it.</param>
public readonly record struct EventPlace(string Topic, int Partition, long Offset)
{
    /// <summary>Its partition.</summary>
    public TopicPartition InPartition => new(Topic, Partition);

    /// <summary>Reads <c>topic:partition:offset</c>, or the same with slashes, as dead letters name their origin.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EventPlace place)
    {
        place = default;
        var parts = (text ?? string.Empty).Split(text?.Contains('/', StringComparison.Ordinal) == true ? '/' : ':');
        if (parts is not [{ Length: > 0 } topic, var number, var last]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return false;
        }

        place = new EventPlace(topic, partition, offset);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}/{Partition}/{Offset}");
}
