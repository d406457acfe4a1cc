using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Offline.Backfill;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Protocols;

namespace Streaming.Offline.Tests.Training.Protocols;

/// <summary>The shipped training <c>handbook</c>, on the handbook's transactions.</summary>
public sealed class HandbookProtocolSpec
{
    private static readonly string s_schemas = Path.Combine(RepositoryRoot.Path, "schemas");

    [Fact]
    public void The_shipped_training_and_its_features_have_no_mistakes() => Assert.Empty(ProtocolChecks.Of(Shipped(), Catalog()));

    [Theory]
    [InlineData("service = handbook_own", "service = handbook_ovn", "TR007", "did you mean \"handbook_own\"?")]
    [InlineData("serve-as = fraud", "serve-as = fruad", "TR007", "did you mean \"fraud\"?")]
    [InlineData("serve-as = fraud", "serve-as = handbook", "TR015", "their requests differ")]
    [InlineData("serve-as = fraud", "serve-as = handbook_own", "TR015", "it has 64 instead of 15")]
    [InlineData("label = fraud", "label = amount", "TR008", "a flag of transactions")]
    [InlineData("card = card_id", "card = card", "TR008", "did you mean \"card_id\"?")]
    [InlineData("\"card_past.*\"", "\"card_pst.*\"", "TR009", "a feature of the service \"handbook_own\"")]
    [InlineData("missed-fraud = request.amount", "missed-fraud = request.amout", "TR009", "did you mean \"request.amount\"?")]
    public void What_the_features_do_not_have_is_told(string right, string wrong, string code, string expected)
    {
        var text = File.ReadAllText(Path.Combine(s_schemas, "models", "fraud-handbook.conf"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        var protocol = Protocols.Small(text.Replace(right, wrong, StringComparison.Ordinal));
        var diagnostics = ProtocolChecks.Of(protocol, Catalog());
        Assert.All(diagnostics, diagnostic => Assert.Equal((code, "models/small.conf"), (diagnostic.Code, diagnostic.Position.ToString().Split(':')[0])));
        Assert.Contains(diagnostics, diagnostic => diagnostic.Message.Contains(expected, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Its_folds_have_the_rows_and_frauds_of_the_protocol_and_logistic_regression_gives_the_published_figures()
    {
        var file = SharedData.Find("shared/data/handbook/transactions.parquet");
        Skip.If(file is null, "shared/data/handbook is not here");
        var protocol = Shipped();
        var (from, until) = ProtocolRun.Period(protocol);
        var set = new RecordedHistory(Catalog(), "handbook_inputs", protocol, [new BackfillInput(null, file)])
            .Build(from, until, new Progress<BackfillProgress>(), CancellationToken.None);
        Assert.Equal(15, set.Columns);
        AssertFolds(protocol, set);

        var logistic = protocol.Candidates[0] with { Space = [new("l2", [1])] };
        var result = ProtocolRun.Run(protocol, logistic, set, withTest: true, _ => { }, CancellationToken.None);
        Assert.Equal(0.868, result.Mean.AucRoc, 0.0005);
        Assert.Equal(0.623, result.Mean.AveragePrecision, 0.0005);
        Assert.Equal(0.297, result.Mean.CardPrecision!.Value, 0.0005);
    }

    private static void AssertFolds(TrainingProtocol protocol, TrainingSet set)
    {
        (string Start, int TrainRows, int TrainFrauds, int TestRows, int TestFrauds, double Perfect)[] published =
        [
            ("06-20", 66_864, 633, 57_182, 416, 0.417), ("06-27", 67_574, 611, 57_800, 411, 0.396),
            ("07-04", 66_954, 600, 57_931, 351, 0.367), ("07-11", 66_928, 633, 58_505, 374, 0.397),
            ("07-25", 67_240, 598, 58_264, 385, 0.397), ("08-01", 66_975, 626, 57_937, 387, 0.409),
            ("08-08", 67_080, 568, 58_337, 408, 0.420), ("08-15", 67_049, 594, 57_604, 422, 0.451),
        ];
        Assert.Equal(published, protocol.Validation.AddRange(protocol.Test).Select(start =>
        {
            var (train, test) = protocol.SplitAt(start).Apply(set);
            var perfect = CardPrecision.AtK(test.Cards, test.TimesMillis, test.Labels, Array.ConvertAll(test.Labels, label => (double)label));
            return ($"{start:MM-dd}", train.Rows, Frauds(train), test.Rows, Frauds(test), Math.Round(perfect, 3));
        }));
    }

    private static int Frauds(TrainingSet set) => set.Labels.Count(label => label == 1);

    private static TrainingProtocol Shipped()
    {
        var file = Path.Combine(s_schemas, "models", "fraud-handbook.conf");
        var (protocols, diagnostics) = TrainingProtocols.Parse([(file, File.ReadAllText(file))]);
        Assert.Empty(diagnostics);
        return Assert.Single(protocols);
    }

    private static FeatureCatalog Catalog()
    {
        var files = Directory.GetFiles(Path.Combine(s_schemas, "features"), "*.conf").Append(Shipped().Definitions!.Value.Value);
        var (catalog, diagnostics) = FeatureCatalog.Compile(
            [.. files.Select(file => (file, File.ReadAllText(file)))], [.. EventSchemas.Sources.Values.OrderBy(source => source.Name, StringComparer.Ordinal)]);
        Assert.Empty(diagnostics);
        return catalog!;
    }
}
