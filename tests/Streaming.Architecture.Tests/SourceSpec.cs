using System.Text.RegularExpressions;

namespace Streaming.Architecture.Tests;

/// <summary>Rules that no analyzer of ours holds, held by reading the sources.</summary>
public sealed partial class SourceSpec
{
    private const int FileLinesMax = 300;
    private const int MethodLinesMax = 40;
    private const int LineColumnsMax = 140;

    [Fact]
    public void No_source_has_a_banned_construct() => AssertNone(
        from construct in BannedConstruct.All
        from file in SourceTree.Files("*.cs", "src", "tests")
        where !file.Path.StartsWith("tests/Streaming.Architecture.Tests/", StringComparison.Ordinal)
        from at in construct.In(CodeText.Of(file.Lines))
        where !HasReasonInBlock(file.Lines, at)
        select $"{file.Path}:{at + 1}: {file.Lines[at].Trim()} -- {construct.Instead}");

    [Fact]
    public void No_file_is_longer_than_300_lines() => AssertNone(
        from file in SourceTree.Files("*.cs", "src", "tests")
        where file.Lines.Length > FileLinesMax
        select $"{file.Path}: {file.Lines.Length} lines -- a file that does not fit a few screens does two things; split it by topic (docs: CONTRIBUTING.md)");

    [Fact]
    public void No_method_is_longer_than_40_lines() => AssertNone(
        from file in SourceTree.Files("*.cs", "src")
        from method in MethodLengths.Of(CodeText.Of(file.Lines))
        where method.Lines > MethodLinesMax
        select $"{file.Path}:{method.FirstLine}: {method.Lines} lines -- a method fits a screen; push the decisions up and leave leaves that compute");

    [Fact]
    public void No_line_is_wider_than_140_columns() => AssertNone(
        from file in SourceTree.Files("*.cs", "src")
        from line in Enumerable.Range(0, file.Lines.Length)
        where file.Lines[line].Length > LineColumnsMax
        select $"{file.Path}:{line + 1}: {file.Lines[line].Length} columns -- break it, or say it shorter");

    [Fact]
    public void Each_silenced_warning_has_its_reason_beside_it() => AssertNone(
        from file in SourceTree.Files("*.cs", "src", "tests").Concat(SourceTree.Files("*.csproj", "src", "tests")).Append(SourceTree.File("Directory.Build.props"))
        where !file.Path.StartsWith("tests/Streaming.Architecture.Tests/", StringComparison.Ordinal)
        from line in Enumerable.Range(0, file.Lines.Length)
        where Silences().IsMatch(file.Lines[line]) && !HasReason(file.Lines, line)
        select $"{file.Path}:{line + 1}: {file.Lines[line].Trim()} -- say why beside it, or fix what it warns of");

    [Fact]
    public void Hot_files_say_so_in_their_first_line() => AssertNone(
        from file in SourceTree.Files("*.cs", "src")
        from line in Enumerable.Range(1, Math.Max(0, file.Lines.Length - 1))
        where file.Lines[line].StartsWith("// Hot:", StringComparison.Ordinal)
        select $"{file.Path}:{line + 1}: a hot file is marked in its first line, where a reader looks");

    [Theory]
    [InlineData("private async void Go()", true)]
    [InlineData("// async void is banned", false)]
    [InlineData("var text = \"async void\";", false)]
    [InlineData("catch (IOException) { }", true)]
    [InlineData("catch { Log(); }", false)]
    [InlineData("  #region Go", true)]
    public void The_ban_tells_code_from_comments_and_texts(string line, bool isBanned) =>
        Assert.Equal(isBanned, BannedConstruct.All.Any(construct => construct.In(CodeText.Of([line])).Any()));

    [Fact]
    public void The_length_of_a_method_is_that_of_its_braces()
    {
        string[] code = ["class A", "{", "    void M()", "    {", "        if (x)", "        {", "        }", "    }", "", "    int N() => 1;", "}"];
        Assert.Equal([(3, 6)], MethodLengths.Of(code).Select(m => (m.FirstLine, m.Lines)));
    }

    /// <summary>A block without code that holds a comment says why it is empty.</summary>
    private static bool HasReasonInBlock(string[] lines, int at) =>
        lines[at].Contains("catch", StringComparison.Ordinal) && lines.Skip(at + 1).Take(3).Any(line => line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    private static bool HasReason(string[] lines, int at) =>
        Explains().IsMatch(lines[at]) || lines.Take(at).Reverse().Take(3).Any(line => Explains().IsMatch(line));

    private static void AssertNone(IEnumerable<string> faults)
    {
        var all = faults.ToList();
        Assert.True(all.Count == 0, $"{all.Count} faults:\n{string.Join('\n', all)}");
    }

    [GeneratedRegex(@"<NoWarn>|#pragma warning disable|\[SuppressMessage|\[assembly: SuppressMessage")]
    private static partial Regex Silences();

    [GeneratedRegex(@"//|<!--|-->|Justification = ""\w")]
    private static partial Regex Explains();
}
