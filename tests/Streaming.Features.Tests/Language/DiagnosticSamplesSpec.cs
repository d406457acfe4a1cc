using Streaming.Hocon;

namespace Streaming.Features.Tests.Language;

/// <summary>
/// Golden files: each sample carries its diagnostics in leading comments. `STREAMING_RENEW_GOLDEN=1 dotnet test` rewrites them;
/// the diff is reviewed.
/// </summary>
public class DiagnosticSamplesSpec
{
    private const string Mark = "# expect: ";

    private static readonly string s_folder = Path.Combine(RepositoryRoot.Path, "tests/Streaming.Features.Tests/Language/Samples");

    public static TheoryData<string> Samples() => [.. Directory.GetFiles(s_folder, "*.conf").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_yields_exactly_the_diagnostics_that_it_carries(string sample)
    {
        var path = Path.Combine(s_folder, sample);
        var text = File.ReadAllText(path);
        if (Environment.GetEnvironmentVariable("STREAMING_RENEW_GOLDEN") == "1")
        {
            text = Renewed(text);
            File.WriteAllText(path, text);
        }

        Assert.Equal(text.Split('\n').Where(line => line.StartsWith(Mark, StringComparison.Ordinal)), Lines(text));
    }

    [Fact]
    public void Only_the_good_sample_is_without_diagnostics() =>
        Assert.Equal(["good.conf"], Directory.GetFiles(s_folder, "*.conf").Where(file => !Lines(File.ReadAllText(file)).Any()).Select(Path.GetFileName));

    private static string Renewed(string text)
    {
        var body = text.Split('\n').Where(line => !line.StartsWith(Mark, StringComparison.Ordinal)).ToList();
        var blank = Lines(string.Join('\n', body)).Select(_ => Mark);
        return string.Join('\n', Lines(string.Join('\n', blank.Concat(body))).Concat(body));
    }

    private static IEnumerable<string> Lines(string text) => Registry.Parse(text, "sample").Diagnostics.Select(Line);

    private static string Line(Diagnostic diagnostic) =>
        $"{Mark}{diagnostic.Code}:{diagnostic.Position.Line}:{diagnostic.Position.Column} {diagnostic.Message}";
}
