using Prometheus;
using Streaming.Features.Serving;

namespace Streaming.Node.Parity;

/// <summary>The figures of the comparison of answers with the log.</summary>
internal sealed class ParityMetrics
{
    private readonly Counter _compared;
    private readonly Counter _mismatches;
    private readonly Counter.Child[] _skipped;

    public ParityMetrics(IMetricFactory metrics)
    {
        _compared = metrics.CreateCounter(
            "streaming_parity_compared_total", "Answers (reads of an entity, scores) that were computed again from the log and compared.");
        _mismatches = metrics.CreateCounter(
            "streaming_parity_mismatches_total", "Answers of those that were not what the log gives. Must be 0.");
        var skipped = metrics.CreateCounter(
            "streaming_parity_skipped_total", "Answers that were drawn, and could not be compared.", ["reason"]);
        _skipped = [.. Enum.GetValues<ParitySkip>().Select(reason => skipped.WithLabels(NameOf(reason)))];
    }

    public void Compared(bool isMismatch)
    {
        _compared.Inc();
        _mismatches.Inc(isMismatch ? 1 : 0);
    }

    public void Skipped(ParitySkip reason, int count = 1) => _skipped[(int)reason].Inc(count);

    private static string NameOf(ParitySkip reason) => reason switch
    {
        ParitySkip.NotPinned => "not_pinned",
        ParitySkip.Changed => "changed",
        ParitySkip.Stale => "stale",
        ParitySkip.ShortHistory => "short_history",
        ParitySkip.QueueFull => "queue_full",
        ParitySkip.LogAway => "log_away",
        _ => "failed",
    };
}
