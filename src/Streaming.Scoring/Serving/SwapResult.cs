namespace Streaming.Scoring.Serving;

/// <summary>What became of a swap: every way in which it can end.</summary>
public abstract record SwapResult
{
    private SwapResult()
    {
    }

    /// <summary>Another version answers from now on.</summary>
    /// <param name="From">The version that answered, <c>name@version</c>.</param>
    /// <param name="To">The version that answers.</param>
    public sealed record Swapped(string From, string To) : SwapResult;

    /// <summary>Nothing has changed: the version cannot stand in for the one that answers.</summary>
    /// <param name="Reason">What differs or is missing.</param>
    public sealed record Refused(string Reason) : SwapResult;

    /// <summary>Nothing has changed: there is no model of that name.</summary>
    /// <param name="Known">Those that there are.</param>
    public sealed record UnknownModel(IReadOnlyList<string> Known) : SwapResult;
}
