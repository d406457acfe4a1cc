namespace Streaming.Scoring.Requests;

/// <summary>Why a request cannot be scored. Made only if something is wrong.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Field">The field's name; empty if the whole body is meant.</param>
/// <param name="Detail">What was found and what was expected.</param>
public sealed record RequestFault(RequestFaultKind Kind, string Field, string Detail);
