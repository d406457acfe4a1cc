namespace Streaming.Contracts.Codecs;

/// <summary>What is wrong and at which byte, counted from the payload's first.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Position">At which byte.</param>
/// <param name="Field">The writer's field that the byte belongs to, with its type; null after the last field.</param>
/// <param name="Symbol">The symbol that the reader's enum lacks, and those that it has.</param>
public readonly record struct DecodeFault(DecodeFaultKind Kind, int Position, string? Field = null, string? Symbol = null)
{
    /// <summary>One clause for a dead letter's detail.</summary>
    public override string ToString() => Field is null ? Clause : $"{Field}: {Clause}";

    private string Clause => Kind switch
    {
        DecodeFaultKind.None => "no fault",
        DecodeFaultKind.Truncated => $"the bytes end inside the value at byte {Position}",
        DecodeFaultKind.IntegerTooLong => $"the integer at byte {Position} is too long for its type",
        DecodeFaultKind.NegativeLength => $"the length at byte {Position} is negative",
        DecodeFaultKind.LengthBeyondEnd => $"the length at byte {Position} is more than the bytes that are left",
        DecodeFaultKind.InvalidBoolean => $"the boolean at byte {Position} is neither 0 nor 1",
        DecodeFaultKind.UnknownBranch => $"the union at byte {Position} has no such branch",
        DecodeFaultKind.UnreadableBranch => $"the reader's schema has no type for the union's branch at byte {Position}",
        DecodeFaultKind.UnknownSymbol => $"the enum at byte {Position} has no such symbol",
        DecodeFaultKind.UnreadableSymbol =>
            $"the symbol {Symbol} at byte {Position} is unknown to the reader, and its enum has no default",
        DecodeFaultKind.InexactNumber => $"the whole number at byte {Position} is beyond 2^53, where a number is no longer exact",
        DecodeFaultKind.InvalidDecimal => $"the decimal at byte {Position} has no bytes, or more than 16",
        DecodeFaultKind.InvalidUtf8 => $"the text at byte {Position} is not UTF-8",
        DecodeFaultKind.InvalidItem => $"a value before byte {Position} is not what the writer's schema says",
        DecodeFaultKind.TrailingBytes => $"bytes are left over from byte {Position} on; was the event written with another schema?",
        _ => $"{Kind} at byte {Position}",
    };
}
