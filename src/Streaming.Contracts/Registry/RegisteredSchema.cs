using System.Collections.Immutable;
using Avro;

namespace Streaming.Contracts.Registry;

/// <summary>One version of a subject.</summary>
/// <param name="Subject">The subject, such as <c>transactions-value</c>.</param>
/// <param name="Version">Counted from 1 in each subject.</param>
/// <param name="Id">The schema's id in the wire format; the same schema has one id in all subjects.</param>
/// <param name="Schema">The schema.</param>
public sealed record RegisteredSchema(string Subject, int Version, int Id, Schema Schema);

/// <summary>Whether a schema may become a subject's next version, and if not, why.</summary>
public sealed record CompatibilityReport(bool IsCompatible, ImmutableArray<string> Messages);
