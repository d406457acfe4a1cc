using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// A codec, or why it cannot be compiled. The writer's schema comes from outside, so this is a result and not an exception.
/// </summary>
/// <param name="Codec">The codec; null when there are faults.</param>
/// <param name="Faults">What keeps the reader's schema from taking what the writer's writes.</param>
public sealed record Compiled<TCodec>(TCodec? Codec, ImmutableArray<Incompatibility> Faults)
    where TCodec : class
{
    /// <summary>Whether there is a codec.</summary>
    [MemberNotNullWhen(true, nameof(Codec))]
    public bool Succeeded => Codec is not null;
}
