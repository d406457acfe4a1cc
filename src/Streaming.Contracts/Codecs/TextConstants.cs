using System.Text;
using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// All texts that a field may have without an event carrying them, end to end: an enum's symbols, or a text's default. A function
/// of the reader's field alone, so that decoders for different writers may fill the same column in turn.
/// </summary>
internal sealed class TextConstants
{
    public TextConstants(Field readerField)
    {
        var texts = TextsOf(readerField);
        Bytes = [.. texts.SelectMany(text => text)];
        Length = [.. texts.Select(text => text.Length)];
        Start = new int[texts.Count];
        for (var i = 1; i < Start.Length; i++)
        {
            Start[i] = Start[i - 1] + Length[i - 1];
        }
    }

    public byte[] Bytes { get; }

    public int[] Start { get; }

    public int[] Length { get; }

    /// <summary>The index of the field's default.</summary>
    public static int DefaultIndex(Field field) =>
        SchemaFacts.Single(field.Schema, out _) is EnumSchema symbols ? symbols.Ordinal((string)field.DefaultValue!) : 0;

    private static List<byte[]> TextsOf(Field field)
    {
        if (SchemaFacts.Single(field.Schema, out _) is EnumSchema symbols)
        {
            return [.. symbols.Symbols.Select(Encoding.UTF8.GetBytes)];
        }

        return SchemaDefaults.IsNull(field) ? [] : [SchemaDefaults.Bytes(field)];
    }
}
