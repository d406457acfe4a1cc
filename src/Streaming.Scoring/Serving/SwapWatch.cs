using System.Globalization;

namespace Streaming.Scoring.Serving;

/// <summary>
/// Judges versions that were swapped in by their first answers, and goes back to the version before, which is kept open meanwhile, where
/// they fail too often or take too long. For one caller at a time.
/// </summary>
/// <param name="models">The models.</param>
/// <param name="settings">The bounds.</param>
/// <param name="clock">The clock.</param>
public sealed class SwapWatch(ModelSlots models, WatchSettings settings, TimeProvider clock)
{
    /// <summary>Looks at every version under watch. Called again and again.</summary>
    /// <returns>Those that went back.</returns>
    public IReadOnlyList<Rollback> Look()
    {
        var rollbacks = new List<Rollback>();
        foreach (var slot in models.All)
        {
            var (active, before) = (slot.Active, slot.Before);
            if (before is null)
            {
                continue;
            }

            if (FaultOf(active.Counts) is { } reason)
            {
                if (models.TryRollBack(slot, active))
                {
                    rollbacks.Add(new(slot.Name, active.Scorer.ModelId, before.Scorer.ModelId, reason));
                }
            }
            else if (clock.GetUtcNow() - active.Since >= settings.Period)
            {
                models.Settle(slot, active);
            }
        }

        return rollbacks;
    }

    private string? FaultOf(AnswerCounts counts)
    {
        var answers = counts.Answers;
        if (answers < settings.AnswersMin)
        {
            return null;
        }

        var ratio = (double)counts.ModelFaults / answers;
        var latency = counts.Latency(0.99);
        return ratio > settings.FaultRatioMax
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the model failed for {counts.ModelFaults} of {answers} answers, more than {settings.FaultRatioMax:P1}")
            : latency > settings.LatencyMax
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"of {answers} answers 1 in 100 took {latency.TotalMilliseconds:0.###} ms or more, above " +
                    $"{settings.LatencyMax.TotalMilliseconds} ms")
                : null;
    }
}
