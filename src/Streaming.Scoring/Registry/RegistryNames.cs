using System.Buffers;

namespace Streaming.Scoring.Registry;

/// <summary>What names may look like: they become parts of paths.</summary>
public static class RegistryNames
{
    private const int LengthMax = 128;
    private const string Rule = "expected 1 to 128 letters, digits, '-', '_' and '.', the first a letter or digit";

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>Whether a text may name a model, an alias, a run or an experiment's id.</summary>
    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= LengthMax } && char.IsAsciiLetterOrDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(s_allowed);

    /// <summary>Refuses a name that is none.</summary>
    /// <param name="what">What it names, for the message, such as <c>model</c>.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="RegistryException">It is none.</exception>
    public static string Require(string what, string? name) =>
        IsValid(name) ? name! : throw new RegistryException(RegistryFault.Invalid, $"the name of the {what} is '{name}', {Rule}");

    /// <summary>Refuses an alias that is none; one like a version's number would be ambiguous.</summary>
    /// <exception cref="RegistryException">It is none.</exception>
    public static string RequireAlias(string? alias) =>
        alias is not null && IsValid(alias) && !IsNumber(alias.AsSpan()) && !IsNumber(alias.AsSpan().TrimStart("vV"))
        && !alias.Equals("latest", StringComparison.OrdinalIgnoreCase)
            ? alias
            : throw new RegistryException(
                RegistryFault.Invalid, $"the alias is '{alias}', {Rule}; a number, one with 'v' before it and 'latest' are none");

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>The parts of an artifact's path below its root, as a path of this system; empty for the root.</summary>
    /// <exception cref="RegistryException">It would lead elsewhere.</exception>
    public static string RequireArtifact(string? path)
    {
        var parts = (path ?? string.Empty).Split('/', StringSplitOptions.RemoveEmptyEntries);
        return Array.TrueForAll(parts, IsPart)
            ? Path.Combine(parts)
            : throw new RegistryException(
                RegistryFault.Invalid,
                $"the artifact's path is '{path}', expected names with '/' between them, without '..', '\\' and ':'");
    }

    // Escaped separators are not decoded on the way here, but may be by who lists the names.
    private static bool IsPart(string part) =>
        part is not ("." or "..") && part.Length <= LengthMax * 2
        && !Uri.UnescapeDataString(part).Any(c => c is '/' or '\\' or ':' || char.IsControl(c))
        && !part.EndsWith(RegistryFolder.Unfinished, StringComparison.Ordinal);
}
