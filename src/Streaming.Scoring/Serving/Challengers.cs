// Hot: asked once per score of the champion.
using System.Collections.Immutable;
using Streaming.Scoring.Requests;
using Streaming.Scoring.ScoreLogs;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Serving;

/// <summary>All challengers of one champion. Thread-safe.</summary>
internal sealed class Challengers : IChallengers
{
    private readonly ImmutableArray<Challenger> _all;
    private readonly ShadowScores _shadow;
    private readonly bool _hasCanary;

    public Challengers(ImmutableArray<Challenger> all, ShadowScores shadow)
    {
        (_all, _shadow) = (all, shadow);
        _hasCanary = all.Any(static challenger => challenger.Challenge.Canary > 0);
    }

    public ScoreTurns? TryEnterCanary(ReadOnlySpan<byte> key)
    {
        if (!_hasCanary || key.IsEmpty)
        {
            return null;
        }

        var place = Challenger.PlaceOf(key);
        foreach (var challenger in _all)
        {
            if (challenger.Answers(place))
            {
                return challenger.Slot.Enter().Turns;
            }
        }

        return null;
    }

    public void Offer(ScoreCall call, long answeredAtMillis)
    {
        foreach (var challenger in _all)
        {
            if (challenger.Draws())
            {
                var entry = challenger.Entries.Rent();
                entry.Copy(call, answeredAtMillis);
                _shadow.Add(challenger, entry);
            }
        }
    }

    public void Offer(ScoreEntry entry)
    {
        foreach (var challenger in _all)
        {
            if (challenger.Draws())
            {
                var copy = challenger.Entries.Rent();
                copy.Copy(entry);
                _shadow.Add(challenger, copy);
            }
        }
    }
}
