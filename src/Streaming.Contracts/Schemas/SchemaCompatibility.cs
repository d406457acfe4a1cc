using System.Collections.Immutable;
using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>
/// Whether data of one schema can be read by another, by the rules of Avro's specification, section "Schema Resolution".
/// Strict, as Avro's own checker is: every branch and symbol that the writer may write must find its place in the reader.
/// </summary>
public static class SchemaCompatibility
{
    /// <summary>
    /// All that keeps <paramref name="reader"/> from taking what <paramref name="writer"/> writes; empty when nothing does.
    /// </summary>
    public static ImmutableArray<Incompatibility> Check(Schema reader, Schema writer)
    {
        var check = new CompatibilityCheck();
        check.Compare(reader, writer, reader.Name);
        return check.Found;
    }

    /// <summary>
    /// The defaults of a schema that are not values of their types. Checked when a schema is registered. A stored schema stays
    /// readable, because readers do not use a writer's defaults.
    /// </summary>
    public static ImmutableArray<Incompatibility> CheckDefaults(Schema schema) => DefaultValues.Check(schema, schema.Name);

    /// <summary>
    /// Checks a new version of a subject against its earlier ones, oldest first, as <paramref name="level"/> asks. The result
    /// names direction and version (counted from 1) in its paths: <c>read of v2: Transaction.amount</c>.
    /// </summary>
    public static ImmutableArray<Incompatibility> Check(Schema candidate, IReadOnlyList<Schema> earlier, CompatibilityLevel level)
    {
        var found = ImmutableArray.CreateBuilder<Incompatibility>();
        var first = IsTransitive(level) ? 0 : Math.Max(0, earlier.Count - 1);
        for (var i = first; i < earlier.Count && level != CompatibilityLevel.None; i++)
        {
            if (level is not (CompatibilityLevel.Forward or CompatibilityLevel.ForwardTransitive))
            {
                AddAll(found, Check(candidate, earlier[i]), $"read of v{i + 1}");
            }

            if (level is not (CompatibilityLevel.Backward or CompatibilityLevel.BackwardTransitive))
            {
                AddAll(found, Check(earlier[i], candidate), $"read by v{i + 1}");
            }
        }

        return found.ToImmutable();
    }

    private static bool IsTransitive(CompatibilityLevel level) =>
        level is CompatibilityLevel.BackwardTransitive or CompatibilityLevel.ForwardTransitive or CompatibilityLevel.FullTransitive;

    private static void AddAll(ImmutableArray<Incompatibility>.Builder found, ImmutableArray<Incompatibility> more, string where)
    {
        foreach (var incompatibility in more)
        {
            found.Add(incompatibility with { Path = $"{where}: {incompatibility.Path}" });
        }
    }
}
