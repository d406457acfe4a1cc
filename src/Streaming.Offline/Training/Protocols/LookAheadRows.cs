// Hot: once per row of a history.
using System.Collections.Immutable;
using Streaming.Offline.Backfill;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Collects the rows of a history between two times, and labels them by what came after them.</summary>
internal sealed class LookAheadRows(
    ImmutableArray<string> featureNames, LookAheadRule rule, int card, DateTimeOffset from, DateTimeOffset until) : IRecordedRows
{
    private readonly long _from = from.ToUnixTimeMilliseconds();
    private readonly long _until = until.ToUnixTimeMilliseconds();
    private readonly EntityKeys[] _names = [.. rule.Of.Select(_ => new EntityKeys())];
    private readonly EntityKeys[] _entities = [.. rule.Of.Select(_ => new EntityKeys())];
    private readonly EntityKeys _groups = new();
    private readonly EntityKeys _cards = new();
    private readonly List<float> _features = [];
    private readonly List<(long Time, int Entity, long Card)> _rows = [];
    private readonly HashSet<int> _replaced = [];
    private readonly Dictionary<int, int> _lastOfGroup = [];
    private readonly Dictionary<int, List<long>> _next = [];
    private long _newest = long.MinValue;

    /// <inheritdoc/>
    public void Add(EventChunk chunk, double[][] vector)
    {
        // Of a group's rows in this chunk only the last need be kept.
        var kept = new List<(int Row, int Entity, int Group)>();
        var places = new Dictionary<int, int>();
        for (var place = 0; place < chunk.Count; place++)
        {
            var row = chunk.RowAt(place);
            _newest = chunk.Times[row];
            var entity = EntityOf(chunk, row);
            if (entity < 0)
            {
                continue;
            }

            Foresee(chunk, row, entity);
            if (chunk.Times[row] < _from || chunk.Times[row] >= _until || !rule.IsRow(chunk.Batch, row))
            {
                continue;
            }

            var group = rule.LastOf < 0 ? -1 : chunk.Keys[rule.LastOf]!.NumberOf(_groups, row);
            if (group >= 0 && places.TryGetValue(group, out var earlier))
            {
                kept[earlier] = (-1, 0, 0);
            }

            places[group] = kept.Count;
            kept.Add((row, entity, group));
        }

        foreach (var (row, entity, group) in kept.Where(each => each.Row >= 0))
        {
            Keep(chunk, vector, row, entity, group);
        }
    }

    /// <summary>Says that everything before a time has been added, though nothing may have happened just before it.</summary>
    public void KnownUntil(DateTimeOffset time) => _newest = Math.Max(_newest, time.ToUnixTimeMilliseconds() - 1);

    /// <inheritdoc/>
    public TrainingSet ToSet()
    {
        if (_newest < _until - 1 + rule.WithinMillis)
        {
            throw new TrainingException(
                $"the history ends at {At(_newest)}, and the labels of the last rows are known at {At(_until + rule.WithinMillis)} only: " +
                "end the last fold earlier, or take an input that goes on");
        }

        var labels = new float[_rows.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = Label(_rows[i].Time, _rows[i].Entity);
        }

        var all = new TrainingSet(
            featureNames,
            [.. _features],
            labels,
            [.. _rows.Select(row => row.Time)],
            card < 0 ? [] : [.. _rows.Select(row => row.Card)]);
        return _replaced.Count == 0 ? all : all.Select([.. Enumerable.Range(0, all.Rows).Where(row => !_replaced.Contains(row))]);
    }

    // The number of all names together; -1 where one is missing.
    private int EntityOf(EventChunk chunk, int row)
    {
        var entity = 0;
        for (var i = 0; i < rule.Of.Length; i++)
        {
            var name = chunk.Keys[rule.Of[i]]!.NumberOf(_names[i], row);
            if (name < 0)
            {
                return -1;
            }

            entity = i == 0 ? name : _entities[i].NumberOf(((long)entity << 32) | (uint)name);
        }

        return entity;
    }

    private void Foresee(EventChunk chunk, int row, int entity)
    {
        if (!rule.IsNext(chunk.Batch, row))
        {
            return;
        }

        if (!_next.TryGetValue(entity, out var times))
        {
            _next.Add(entity, times = []);
        }

        if (times.Count == 0 || times[^1] != chunk.Times[row])
        {
            times.Add(chunk.Times[row]);
        }
    }

    private void Keep(EventChunk chunk, double[][] vector, int row, int entity, int group)
    {
        if (group >= 0)
        {
            if (_lastOfGroup.TryGetValue(group, out var earlier))
            {
                _replaced.Add(earlier);
            }

            _lastOfGroup[group] = _rows.Count;
        }

        _rows.Add((chunk.Times[row], entity, card < 0 ? 0 : chunk.Keys[card]!.NumberOf(_cards, row)));
        foreach (var element in vector)
        {
            _features.Add(RecordedRows.Element(element[row]));
        }
    }

    // Times come in ascending order.
    private float Label(long time, int entity)
    {
        if (!_next.TryGetValue(entity, out var times))
        {
            return 0;
        }

        var at = times.BinarySearch(time + 1);
        at = at < 0 ? ~at : at;
        return at < times.Count && times[at] - time <= rule.WithinMillis ? 1 : 0;
    }

    private static string At(long millis) => DateTimeOffset.FromUnixTimeMilliseconds(millis).ToString("yyyy-MM-dd HH:mm", null);
}
