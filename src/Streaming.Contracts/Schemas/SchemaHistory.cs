using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>
/// The event schemas of a directory: <c>Name.avsc</c> is what is written today, <c>history/Name.vN.avsc</c> is version N as it was
/// released. Plain files, so that a check needs no registry and no version control.
/// </summary>
/// <param name="Name">The event.</param>
/// <param name="File">Today's file.</param>
/// <param name="Current">What is written today.</param>
/// <param name="Released">The versions that were released, in their order.</param>
public sealed partial record SchemaHistory(string Name, string File, RecordSchema Current, ImmutableArray<SchemaVersion> Released)
{
    private const string HistoryFolder = "history";

    /// <summary>Reads a directory.</summary>
    /// <exception cref="SchemaFileException">There are no schemas, a file is no record schema, or a version has no schema of today or a
    /// gap before it.</exception>
    public static ImmutableArray<SchemaHistory> Read(string directory)
    {
        ImmutableArray<string> files = Directory.Exists(directory)
            ? [.. Directory.GetFiles(directory, "*.avsc").Order(StringComparer.Ordinal)]
            : [];
        if (files.IsEmpty)
        {
            throw new SchemaFileException(
                $"{directory}: there are no *.avsc files here; start in the repository's root, or name the directory with --schemas DIR");
        }

        var released = Versions(Path.Combine(directory, HistoryFolder));
        var known = files.Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet();
        if (released.FirstOrDefault(version => !known.Contains(version.Name)) is { } orphan)
        {
            throw new SchemaFileException(
                $"{orphan.File}: there is no {orphan.Name}.avsc for it in {directory}; an event that was released stays");
        }

        return
        [
            .. files.Select(
                file => new SchemaHistory(
                    Path.GetFileNameWithoutExtension(file), file, Parse(file), Of(Path.GetFileNameWithoutExtension(file), released))),
        ];
    }

    /// <summary>Where the first released version belongs.</summary>
    public string FirstVersionFile => Path.Combine(Path.GetDirectoryName(File)!, HistoryFolder, $"{Name}.v1.avsc");

    /// <summary>
    /// What keeps today's schema from reading a released version, and its wrong defaults, which are of no version; empty when nothing is
    /// wrong.
    /// </summary>
    public IEnumerable<(SchemaVersion? Version, Incompatibility What)> Breaks() =>
        SchemaCompatibility.CheckDefaults(Current).Select(what => ((SchemaVersion?)null, what)).Concat(
            from version in Released
            from what in SchemaCompatibility.Check(Current, version.Schema)
            where what.Kind != IncompatibilityKind.InvalidDefault
            select ((SchemaVersion?)version, what));

    private static ImmutableArray<SchemaVersion> Of(string name, ImmutableArray<SchemaVersion> released)
    {
        ImmutableArray<SchemaVersion> versions = [.. released.Where(version => version.Name == name).OrderBy(version => version.Version)];
        for (var i = 0; i < versions.Length; i++)
        {
            if (versions[i].Version != i + 1)
            {
                throw new SchemaFileException(
                    $"{versions[i].File}: version {i + 1} of {name} is missing; versions count from 1 without a gap");
            }
        }

        return versions;
    }

    private static ImmutableArray<SchemaVersion> Versions(string directory) => Directory.Exists(directory)
        ? [.. Directory.GetFiles(directory, "*.avsc").Order(StringComparer.Ordinal).Select(ReadVersion)]
        : [];

    private static SchemaVersion ReadVersion(string file)
    {
        var match = VersionName().Match(Path.GetFileName(file));
        return match.Success
            ? new SchemaVersion(
                match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture), file, Parse(file))
            : throw new SchemaFileException($"{file}: a released schema is named NAME.vN.avsc, such as Transaction.v1.avsc");
    }

    private static RecordSchema Parse(string file) => SchemaText.TryParse(System.IO.File.ReadAllText(file), out var schema, out var fault)
        ? schema as RecordSchema ?? throw new SchemaFileException($"{file}: the schema is {schema.Tag}, an event is a record")
        : throw new SchemaFileException($"{file}: {fault}");

    [GeneratedRegex(@"^(\w+)\.v([1-9]\d{0,5})\.avsc$")]
    private static partial Regex VersionName();
}
