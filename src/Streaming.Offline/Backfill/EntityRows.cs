// Hot: two passes over the rows of every chunk.
namespace Streaming.Offline.Backfill;

/// <summary>The rows of a chunk by entity, each entity's in their order: a counting sort over entity numbers.</summary>
internal sealed class EntityRows
{
    private int[] _numbers = [];
    private int[] _ends = [];
    private int[] _rows = [];
    private int _entities;
    private int _count;

    /// <summary>Sorts the rows in <paramref name="order"/> (or 0 to count where that is empty) by entity.</summary>
    public void Group(KeyColumn column, EntityKeys keys, int count, ReadOnlySpan<int> order)
    {
        var numbers = NumbersFor(count);
        for (var i = 0; i < count; i++)
        {
            numbers[i] = column.NumberOf(keys, order.IsEmpty ? i : order[i]);
        }

        Group(keys.Count, count, order);
    }

    /// <summary>Room for the entity number of each row, in their order; -1 for a row that has none.</summary>
    public int[] NumbersFor(int count)
    {
        Reserve(ref _numbers, count);
        return _numbers;
    }

    /// <summary>As the other, by the numbers that <see cref="NumbersFor"/> gave room for.</summary>
    public void Group(int entities, int count, ReadOnlySpan<int> order)
    {
        Reserve(ref _rows, count);
        (_entities, _count) = (entities, count);
        Reserve(ref _ends, _entities + 1);
        Array.Clear(_ends, 0, _entities + 1);
        for (var i = 0; i < count; i++)
        {
            _ends[_numbers[i] + 1]++;
        }

        for (var entity = 1; entity <= _entities; entity++)
        {
            _ends[entity] += _ends[entity - 1];
        }

        // _ends[e] is where e begins (rows without a key come first); placing its rows moves it to where e ends.
        var keyless = 0;
        for (var i = 0; i < count; i++)
        {
            var row = order.IsEmpty ? i : order[i];
            _rows[_numbers[i] < 0 ? keyless++ : _ends[_numbers[i]]++] = row;
        }

        KeylessCount = keyless;
    }

    /// <summary>Rows without a key; they come before the first entity's.</summary>
    public int KeylessCount { get; private set; }

    /// <summary>All rows: those without a key, then each entity's.</summary>
    public ReadOnlySpan<int> All => _rows.AsSpan(0, _count);

    /// <summary>The rows of an entity.</summary>
    public ReadOnlySpan<int> Of(int entity) => _rows.AsSpan(RangeOf(entity));

    /// <summary>Where the rows of an entity are among all.</summary>
    public Range RangeOf(int entity) =>
        entity >= _entities ? default : (entity == 0 ? KeylessCount : _ends[entity - 1]).._ends[entity];

    /// <summary>The rows without a key.</summary>
    public ReadOnlySpan<int> Keyless => _rows.AsSpan(0, KeylessCount);

    private static void Reserve(ref int[] array, int length)
    {
        if (array.Length < length)
        {
            array = new int[Math.Max(length, 2 * array.Length)];
        }
    }
}
