using System.Collections.Immutable;

namespace Streaming.Hocon;

/// <summary>A value of a HOCON file and where it starts.</summary>
public abstract class HoconNode
{
    private protected HoconNode(SourcePosition position) => Position = position;

    /// <summary>Where the value starts: its first character, quote or bracket.</summary>
    public SourcePosition Position { get; }
}

/// <summary>A string, number, flag or null: HOCON tells them apart only when they are used.</summary>
public sealed class HoconScalar : HoconNode
{
    private readonly SourceText _source;
    private readonly int _start;
    private readonly int[]? _offsets;

    internal HoconScalar(SourceText source, int start, string text, int contentStart, int[]? offsets, bool quoted, bool substitution)
        : base(source.PositionAt(start))
    {
        _source = source;
        _start = contentStart;
        _offsets = offsets;
        Text = text;
        Quoted = quoted;
        Substitution = substitution;
    }

    /// <summary>The value, without quotes and with its escapes resolved; a substitution stands as it is written, <c>${path}</c>.</summary>
    public string Text { get; }

    /// <summary>Whether any part of it is in quotes.</summary>
    public bool Quoted { get; }

    /// <summary>Whether any part of it is a substitution, which this reader does not resolve.</summary>
    public bool Substitution { get; }

    /// <summary>Where the character <paramref name="offset"/> of <see cref="Text"/> (or its end) is written in the file.</summary>
    public SourcePosition PositionOf(int offset)
    {
        if (_offsets is null)
        {
            return _source.PositionAt(_start + offset);
        }

        return offset < _offsets.Length ? _source.PositionAt(_offsets[offset]) : _source.PositionAt(_offsets[^1] + 1);
    }
}

/// <summary>Stands where a value could not be read; the document's diagnostics say why.</summary>
public sealed class HoconFault : HoconNode
{
    internal HoconFault(SourcePosition position)
        : base(position)
    {
    }
}

/// <summary>Values in order.</summary>
public sealed class HoconArray : HoconNode
{
    internal HoconArray(SourcePosition position, ImmutableArray<HoconNode> items)
        : base(position) => Items = items;

    /// <summary>The elements, in order.</summary>
    public ImmutableArray<HoconNode> Items { get; }
}

/// <summary>One key of an object and its value.</summary>
/// <param name="Key">One element of a path, without quotes.</param>
/// <param name="KeyPosition">Where the key is written; of several places the one whose value won, or where an object was opened
/// first.</param>
/// <param name="Value">Its value.</param>
/// <param name="Places">Every place at which the key itself (not a longer path through it) is given, in order; more than one where a
/// later one overrides or merges.</param>
/// <param name="Replaced">What a substitution replaced, to fall back on where it has no value (<c>key = 1, key = ${?NAME}</c>); else
/// null.</param>
public sealed record HoconMember(
    string Key, SourcePosition KeyPosition, HoconNode Value, ImmutableArray<SourcePosition> Places, HoconNode? Replaced = null);
