using System.Collections.Immutable;

namespace Streaming.Ingest;

/// <summary>The result of taking events.</summary>
public abstract record IntakeResult
{
    private IntakeResult()
    {
    }

    /// <summary>All are durable.</summary>
    /// <param name="Events">Where each went.</param>
    public sealed record Appended(ImmutableArray<AppendedEvent> Events) : IntakeResult;

    /// <summary>None is appended: these are wrong.</summary>
    /// <param name="Faults">One line a fault.</param>
    public sealed record Invalid(ImmutableArray<string> Faults) : IntakeResult;

    /// <summary>None is appended: something outside does not answer.</summary>
    /// <param name="Reason">What, for people.</param>
    public sealed record Unavailable(string Reason) : IntakeResult;
}
