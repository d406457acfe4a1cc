// Hot: counted once per score.
namespace Streaming.Scoring.Serving;

/// <summary>Counts the answers of one version of a model. Thread-safe; adding takes no lock and allocates nothing.</summary>
public sealed class AnswerCounts
{
    private long _answers;
    private long _fallbacks;
    private long _modelFaults;

    /// <summary>Answers so far, fallbacks included.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Answers that were the declared fallback.</summary>
    public long Fallbacks => Interlocked.Read(ref _fallbacks);

    /// <summary>Those of them that were the model's fault, and not that of what it needs.</summary>
    public long ModelFaults => Interlocked.Read(ref _modelFaults);

    /// <summary>Counts an answer.</summary>
    public void Add(in ScoreResult result)
    {
        Interlocked.Increment(ref _answers);
        if (result.IsFallback)
        {
            Interlocked.Increment(ref _fallbacks);
            if (FallbackCauseNames.IsModel(result.Cause))
            {
                Interlocked.Increment(ref _modelFaults);
            }
        }
    }
}
