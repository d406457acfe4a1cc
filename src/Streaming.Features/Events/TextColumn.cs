// Hot: one element of a column is written per event and field.
namespace Streaming.Features.Events;

/// <summary>
/// UTF-8 texts as slices of one buffer. The buffer may be the record batch that the events were decoded from: nothing is
/// copied, and it must live and stay unchanged as long as this column does. Texts that no event carries (a field's default, an
/// enum's symbols) are slices of <see cref="Constants"/> instead, so that rows of both kinds may stand side by side.
/// </summary>
public sealed class TextColumn : EventColumn
{
    private int _used;

    /// <summary>Where all rows' bytes lie.</summary>
    public byte[] Buffer
    {
        get;
        set
        {
            field = value;
            _used = value.Length;
        }
    } = [];

    /// <summary>Where the rows lie whose bytes are not in <see cref="Buffer"/>.</summary>
    public byte[] Constants { get; set; } = [];

    /// <summary>
    /// The first byte of each row in <see cref="Buffer"/>; its complement (negative) when it is in <see cref="Constants"/>.
    /// </summary>
    public int[] Start { get; private set; } = [];

    /// <summary>The number of bytes of each row; -1 is null.</summary>
    public int[] Length { get; private set; } = [];

    /// <summary>A row's bytes; empty for null (see <see cref="IsNull"/>).</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            var (start, length) = (Start[row], Length[row]);
            return length <= 0 ? default : start >= 0 ? Buffer.AsSpan(start, length) : Constants.AsSpan(~start, length);
        }
    }

    /// <summary>Whether a row has no value.</summary>
    public bool IsNull(int row) => Length[row] < 0;

    /// <summary>Points a row at its bytes in <see cref="Buffer"/>.</summary>
    public void Set(int row, int start, int length)
    {
        Start[row] = start;
        Length[row] = length;
    }

    /// <summary>Points a row at its bytes in <see cref="Constants"/>.</summary>
    public void SetConstant(int row, int start, int length) => Set(row, ~start, length);

    /// <inheritdoc/>
    public override void EnsureCapacity(int rows)
    {
        if (Start.Length < rows)
        {
            var start = Start;
            var length = Length;
            Array.Resize(ref start, rows);
            Array.Resize(ref length, rows);
            Start = start;
            Length = length;
        }
    }

    /// <inheritdoc/>
    public override void CopyFrom(EventColumn other, int at, int count)
    {
        var texts = (TextColumn)other;
        EnsureCapacity(at + count);
        var next = _used;
        Reserve(texts, count);
        for (var row = 0; row < count; row++)
        {
            texts[row].CopyTo(Buffer.AsSpan(next));
            Set(at + row, next, texts.Length[row]);
            next += texts[row].Length;
        }

        _used = next;
    }

    /// <inheritdoc/>
    public override void SetNull(int row) => Length[row] = -1;

    // Doubles, so that copying one column after the other does not copy the first ones again each time.
    private void Reserve(TextColumn texts, int rows)
    {
        long needed = _used;
        for (var row = 0; row < rows; row++)
        {
            needed += texts[row].Length;
        }

        if (needed > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"the texts of one column are more than {Array.MaxLength} bytes together; split the input into files that are sorted by " +
                "time");
        }

        if (needed > Buffer.Length)
        {
            var used = _used;
            var grown = new byte[Math.Min(Array.MaxLength, Math.Max(needed, 2L * Buffer.Length))];
            Buffer.AsSpan(0, used).CopyTo(grown);
            Buffer = grown;
            _used = used;
        }
    }
}
