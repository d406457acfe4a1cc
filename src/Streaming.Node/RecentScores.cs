// Hot: noted once per score; a note that would have to wait is skipped.
using Streaming.Engine;
using Streaming.Features.Events;
using Streaming.Scoring;

namespace Streaming.Node;

/// <summary>The last few answers, for the status page, with their keys masked. Thread-safe.</summary>
internal sealed class RecentScores
{
    /// <summary>How many are kept.</summary>
    public const int Kept = 20;

    private const int KeyBytes = 64;
    private readonly Lock _lock = new();
    private readonly byte[] _keys = new byte[Kept * KeyBytes];
    private readonly Entry[] _entries = new Entry[Kept];
    private long _count;

    /// <summary>Keeps an answer and drops the oldest.</summary>
    public void Add(ReadOnlySpan<byte> name, long atMillis, in ScoreResult result)
    {
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            var slot = (int)(_count++ % Kept);
            var key = name.Length > KeyBytes ? name[^KeyBytes..] : name;
            key.CopyTo(_keys.AsSpan(slot * KeyBytes));
            _entries[slot] = new(key.Length, atMillis, (float)result.Score, result.Decision, result.IsFallback);
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<RecentScore> ToList()
    {
        lock (_lock)
        {
            var shown = (int)Math.Min(_count, Kept);
            var scores = new List<RecentScore>(shown);
            for (var i = 1; i <= shown; i++)
            {
                var slot = (int)((_count - i) % Kept);
                var entry = _entries[slot];
                var key = Mask.Key(_keys.AsSpan(slot * KeyBytes, entry.KeyLength));
                scores.Add(
                    new(
                        key,
                        new EventTime(entry.AtMillis).ToString(),
                        entry.Score,
                        DecisionNames.Of(entry.Decision).Value,
                        entry.IsFallback));
            }

            return scores;
        }
    }

    private readonly record struct Entry(int KeyLength, long AtMillis, float Score, Decision Decision, bool IsFallback);
}
