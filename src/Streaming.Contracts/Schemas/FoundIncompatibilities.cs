using System.Collections.Immutable;
using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>The incompatibilities that a check has found, each with what is wrong and how to mend it.</summary>
internal sealed class FoundIncompatibilities
{
    private readonly ImmutableArray<Incompatibility>.Builder _found = ImmutableArray.CreateBuilder<Incompatibility>();

    public ImmutableArray<Incompatibility> All => _found.ToImmutable();

    public void Add(IEnumerable<Incompatibility> found) => _found.AddRange(found);

    public void AddMissingBranch(Schema reader, Schema branch, string path) => Add(
        IncompatibilityKind.MissingUnionBranch,
        path,
        $"the writer may write {SchemaFacts.Describe(branch)}, which {SchemaFacts.Describe(reader)} does not take",
        branch.Tag == Schema.Type.Null
            ? "make the reader's field nullable"
            : $"add {SchemaFacts.Describe(branch)} to the reader's union");

    public void AddMissingDefault(string path) => Add(
        IncompatibilityKind.MissingDefault,
        path,
        "the reader needs it, the writer does not write it, and it has no default",
        "give it a default, or an alias with the writer's name for it");

    public void AddMissingSymbols(IEnumerable<string> missing, string path) => Add(
        IncompatibilityKind.MissingEnumSymbol,
        path,
        $"the writer has the symbols {string.Join(", ", missing)}, the reader does not",
        "add them to the reader, or give its enum a default");

    public void AddOtherSize(FixedSchema reader, FixedSchema writer, string path) => Add(
        IncompatibilityKind.FixedSizeMismatch,
        path,
        $"the writer has {writer.Size} bytes, the reader {reader.Size}",
        "use a new field for the new size");

    public void AddOtherName(NamedSchema reader, NamedSchema writer, string path) => Add(
        IncompatibilityKind.NameMismatch,
        path,
        $"the writer's name is {writer.Name}, the reader's {reader.Name}",
        $"keep the name, or add the alias \"{writer.Name}\" to the reader");

    public void AddOtherType(Schema reader, Schema writer, string path) => Add(
        IncompatibilityKind.TypeMismatch,
        path,
        $"the writer has {SchemaFacts.Describe(writer)}, the reader {SchemaFacts.Describe(reader)}, and " +
        "Avro does not convert between them",
        Fix(SchemaFacts.Single(reader, out _)));

    private static string Fix(Schema? reader) => reader switch
    {
        null => "write one of these types",
        _ when TimeUnits.Of(reader) != TimeUnit.None => "write a timestamp or a date",
        { Tag: Schema.Type.String } => "write it as text",
        { Tag: Schema.Type.Double } => "write a number that Avro widens to double (int, long, float), or a decimal",
        _ => "keep the type, widen it (int, long, float, double; string and bytes), or use a new field with a default",
    };

    private void Add(IncompatibilityKind kind, string path, string what, string fix) =>
        _found.Add(new Incompatibility(kind, path, what, fix));
}
