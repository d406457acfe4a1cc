namespace Streaming.Contracts.Schemas;

/// <summary>Why a reader cannot take what a writer writes. The names are those of Avro's own checker.</summary>
public enum IncompatibilityKind
{
    /// <summary>Records, enums or fixeds have other names.</summary>
    NameMismatch,

    /// <summary>The types differ, and no promotion leads from the writer's to the reader's.</summary>
    TypeMismatch,

    /// <summary>The reader has a field that the writer lacks, without a default.</summary>
    MissingDefault,

    /// <summary>The writer has a symbol that the reader lacks, and the reader's enum has no default.</summary>
    MissingEnumSymbol,

    /// <summary>The writer may write a branch that no type of the reader takes.</summary>
    MissingUnionBranch,

    /// <summary>The sizes of fixeds differ.</summary>
    FixedSizeMismatch,

    /// <summary>
    /// The schema contains itself, is far too large once it is written out, or is not a record: Avro allows it, this system's codecs do
    /// not.
    /// </summary>
    Unsupported,

    /// <summary>
    /// A field's default is not a value of its type, such as null for a double: Apache.Avro takes it, no codec can use it.
    /// </summary>
    InvalidDefault,
}

/// <summary>One thing that keeps a reader from taking what a writer writes.</summary>
/// <param name="Kind">What is wrong, for programs.</param>
/// <param name="Path">Where: the record and its fields, such as <c>Transaction.amount</c>.</param>
/// <param name="What">What is wrong, for people.</param>
/// <param name="Fix">What to do about it.</param>
public sealed record Incompatibility(IncompatibilityKind Kind, string Path, string What, string Fix)
{
    /// <summary>Whether only some values are concerned (a union branch, an enum symbol) and the others can be read.</summary>
    public bool IsPartial => Kind is IncompatibilityKind.MissingEnumSymbol or IncompatibilityKind.MissingUnionBranch;

    /// <summary><c>path: what; fix</c>.</summary>
    public override string ToString() => $"{Path}: {What}; {Fix}";
}
