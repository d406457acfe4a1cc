using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>Waits until a node has read what was appended again, and says which of it is a dead letter again.</summary>
/// <param name="services">What was replayed on.</param>
/// <param name="confirmed">
/// Asks the running node what its sources have confirmed; null where only the group's committed offset can say, which follows later.
/// </param>
public sealed class ReplayFollow(
    ReplayServices services, Func<CancellationToken, Task<IReadOnlyList<DurableMark>>>? confirmed = null)
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(100);

    private readonly DeadLetterReader _reader = new(services.Log, services.Registry);
    private IReadOnlyList<long> _from = [];

    /// <summary>Notes where dead letters end: call it before anything is appended.</summary>
    public async Task BeginAsync(CancellationToken cancellation) => _from = await _reader.EndsAsync(cancellation);

    /// <summary>Waits, at most for a time.</summary>
    /// <returns>Whether a node has read all; and the dead letters of those that failed again, by place.</returns>
    /// <exception cref="IngestException">The registry does not answer.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<(bool IsRead, IReadOnlyDictionary<EventPlace, string> Failed)> WaitAsync(
        IEnumerable<EventPlace> appended, TimeSpan wait, CancellationToken cancellation)
    {
        var ends = appended.GroupBy(place => place.InPartition)
            .ToDictionary(places => places.Key, places => places.Max(at => at.Offset) + 1);
        var started = services.Time.GetTimestamp();
        while (!await IsReadAsync(ends, cancellation))
        {
            if (services.Time.GetElapsedTime(started) >= wait)
            {
                return (false, new Dictionary<EventPlace, string>());
            }

            await Task.Delay(s_lookEvery, services.Time, cancellation);
        }

        var failed = new Dictionary<EventPlace, string>();
        await foreach (var letter in _reader.ReadAllAsync(_from, cancellation))
        {
            failed[new EventPlace(letter.Topic, letter.Partition, letter.Offset)] = $"{letter.Reason}: {letter.Detail}";
        }

        return (true, failed);
    }

    private async Task<bool> IsReadAsync(Dictionary<TopicPartition, long> ends, CancellationToken cancellation)
    {
        if (confirmed is not null)
        {
            var marks = await confirmed(cancellation);
            return ends.All(end => marks.Any(
                mark => mark.Topic == end.Key.Topic && mark.Partition == end.Key.Partition && mark.Offset >= end.Value));
        }

        foreach (var (partition, end) in ends)
        {
            if ((await services.Log.CommittedOffsetAsync(services.Settings.ConsumerGroup, partition, cancellation) ?? 0) < end)
            {
                return false;
            }
        }

        return true;
    }
}
