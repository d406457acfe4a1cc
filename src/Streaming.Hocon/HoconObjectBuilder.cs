namespace Streaming.Hocon;

/// <summary>An object while it is read: a later object of the same key is read into the earlier one, a later scalar replaces it.</summary>
internal sealed class HoconObjectBuilder(SourcePosition position)
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, Entry> _byKey = [];

    /// <summary>The object at a key, to read members into. <paramref name="isPrefix"/>: the key only leads on to a longer path.</summary>
    public HoconObjectBuilder OpenObject(string key, SourcePosition keyPosition, SourcePosition valuePosition, bool isPrefix)
    {
        var entry = EntryOf(key, keyPosition);
        if (entry.Object is null)
        {
            entry.Object = new HoconObjectBuilder(valuePosition);
            entry.Value = null;
            entry.KeyPosition = keyPosition;
        }

        if (!isPrefix)
        {
            entry.Places.Add(keyPosition);
        }

        return entry.Object;
    }

    public void Set(string key, SourcePosition keyPosition, HoconNode value)
    {
        var entry = EntryOf(key, keyPosition);
        entry.Replaced = value is HoconScalar { Substitution: true } ? entry.Object?.Build() ?? entry.Value : null;
        entry.Object = null;
        entry.Value = value;
        entry.KeyPosition = keyPosition;
        entry.Places.Add(keyPosition);
    }

    /// <summary><c>key += value</c>; false, and nothing happens, where the key has a value already that is no array.</summary>
    public bool TryAppend(string key, SourcePosition keyPosition, HoconNode value)
    {
        var entry = EntryOf(key, keyPosition);
        if (entry.Object is not null || entry.Value is not (null or HoconArray or HoconFault))
        {
            return false;
        }

        var items = (entry.Value as HoconArray)?.Items ?? [];
        entry.Value = new HoconArray(entry.Value?.Position ?? value.Position, items.Add(value));
        if (entry.Places.Count == 0)
        {
            entry.Places.Add(keyPosition);
        }

        return true;
    }

    public HoconObject Build() => new(position, [.. _entries.Select(BuildMember)]);

    private static HoconMember BuildMember(Entry entry) =>
        new(entry.Key, entry.KeyPosition, entry.Object?.Build() ?? entry.Value!, [.. entry.Places], entry.Replaced);

    private Entry EntryOf(string key, SourcePosition keyPosition)
    {
        if (!_byKey.TryGetValue(key, out var entry))
        {
            entry = new Entry(key) { KeyPosition = keyPosition };
            _byKey.Add(key, entry);
            _entries.Add(entry);
        }

        return entry;
    }

    private sealed class Entry(string key)
    {
        public string Key { get; } = key;

        public SourcePosition KeyPosition { get; set; }

        public HoconNode? Value { get; set; }

        public HoconNode? Replaced { get; set; }

        public HoconObjectBuilder? Object { get; set; }

        public List<SourcePosition> Places { get; } = [];
    }
}
