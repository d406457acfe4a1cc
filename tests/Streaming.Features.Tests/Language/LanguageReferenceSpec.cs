using System.Text.RegularExpressions;
using Streaming.Features.Aggregations;
using Streaming.Features.Language.Expressions;
using Streaming.Hocon;

namespace Streaming.Features.Tests.Language;

/// <summary>Holds docs/feature-language.md to the code.</summary>
public partial class LanguageReferenceSpec
{
    /// <summary>Their samples would not fit a table; ExpressionSpec and HoconReaderSpec have them.</summary>
    private static readonly string[] s_tooLargeForTheTable = ["FV004", "FV056"];

    private static readonly Dictionary<string, string> s_viewKeys = new()
    {
        ["entity"] = "card",
        ["source"] = "transactions",
        ["key"] = "card_id",
        ["time"] = "ts",
        ["features"] = "{ n { count = \"*\", over = [7d] }, m { last = mcc } }",
    };

    private static readonly string s_text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/feature-language.md"));

    public static TheoryData<string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var cells in Row().Matches(s_text).Select(match => match.Groups))
        {
            rows.Add(cells[1].Value, cells[2].Value, cells[3].Value, cells[4].Value);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_wrong_sample_gives_its_code_and_its_fix_gives_none(string code, string place, string wrong, string right)
    {
        Assert.Contains(code, Registry.Parse(Placed(place, wrong)).Diagnostics.Select(diagnostic => diagnostic.Code));
        Assert.Empty(Registry.Parse(Placed(place, right)).Diagnostics);
    }

    [Fact]
    public void Every_code_has_one_text_and_one_row()
    {
        string[] files = ["src/Streaming.Hocon/HoconDiagnostics.cs", "src/Streaming.Features/Language/LanguageDiagnostics.cs"];
        var source = string.Concat(files.Select(file => File.ReadAllText(Path.Combine(RepositoryRoot.Path, file))));
        var codes = Code().Matches(source).Select(match => match.Groups[1].Value).ToList();
        var sampled = Row().Matches(s_text).Select(match => match.Groups[1].Value);

        Assert.Equal(codes.Distinct(), codes);
        Assert.Equal(codes.Order(), sampled.Concat(s_tooLargeForTheTable).Order());
        Assert.All(s_tooLargeForTheTable, code => Assert.Contains($"| {code} |", s_text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_function_is_in_the_reference() =>
        Assert.All(FunctionTable.All, function => Assert.Contains($"| `{function.Usage}` | {function.Summary}", s_text, StringComparison.Ordinal));

    [Fact]
    public void Every_aggregation_is_in_the_reference() =>
        Assert.All(AggregationRegistry.Signatures, signature => Assert.Matches(
            $@"\| `{signature.Name}` \| [^|]+ \| {(signature.Lifetime ? "may be left out" : "needed")} \|", s_text));

    [Fact]
    public void The_example_is_without_mistakes()
    {
        var example = Assert.Single(Example().Matches(s_text));

        Registry.ParseGood(example.Groups[1].Value);
    }

    private static string Placed(string place, string sample)
    {
        var view = View(place == "view" ? sample : place switch
        {
            "features" => $"features {{\n{sample}\n}}",
            "where" => $"features {{ n {{ count = \"*\", where = \"{sample}\" }} }}",
            _ => "",
        });
        return place switch
        {
            "file" => $"{view}\n{sample}",
            "service" => $"{view}\nfeature-service s {{\nrequest = transactions\n{sample}\n}}",
            _ => view,
        };
    }

    /// <summary>A view with the sample in it, and of the keys that it lacks the usual ones.</summary>
    private static string View(string sample)
    {
        var given = HoconReader.Read("sample", sample).Root;
        var others = s_viewKeys.Where(key => given[key.Key] is null).Select(key => $"{key.Key} = {key.Value}");
        return $"feature-view v {{\n{string.Join('\n', others)}\n{sample}\n}}";
    }

    [GeneratedRegex(@"^\| (FV\d{3}) \| (\w+) \| `(.+?)` \| `(.+?)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("\"(FV\\d{3})\"")]
    private static partial Regex Code();

    [GeneratedRegex("```hocon\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
