using System.Collections.Immutable;
using Streaming.Contracts.Schemas;

namespace Streaming.Chaos;

/// <summary>The topics that events come on.</summary>
internal static class Topics
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<string> Of { get; } = [EventSchemas.Transactions, EventSchemas.Clicks, EventSchemas.Labels];
}
