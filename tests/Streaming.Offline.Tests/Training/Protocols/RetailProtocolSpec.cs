using Avro;
using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Offline.Backfill;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Protocols;

namespace Streaming.Offline.Tests.Training.Protocols;

/// <summary>The shipped training <c>retail</c>, on a shop's invoices.</summary>
public sealed class RetailProtocolSpec
{
    private static readonly string s_schemas = Path.Combine(RepositoryRoot.Path, "schemas");

    [Fact]
    public void The_shipped_training_and_its_features_have_no_mistakes() => Assert.Empty(ProtocolChecks.Of(Shipped(), Catalog()));

    [SkippableFact]
    public void Its_folds_have_the_orders_and_labels_of_the_data_and_the_figures_are_above_the_floors()
    {
        var file = SharedData.Find("shared/data/clickstream/events.parquet");
        Skip.If(file is null, "shared/data/clickstream is not here");
        var protocol = Shipped();
        var candidate = Assert.Single(protocol.Candidates, each => each.Name == "own_logistic");
        var (from, until) = ProtocolRun.Period(protocol);
        var set = new RecordedHistory(Catalog(), candidate.Service.Value, protocol, [new BackfillInput(null, file)])
            .Build(from, until, new Progress<BackfillProgress>(), CancellationToken.None);
        var (train, test) = protocol.SplitAt(protocol.Test[0]).Apply(set);
        Assert.Equal((6_749, 3_002, 4_320, 2_081), (train.Rows, Positives(train), test.Rows, Positives(test)));

        // The trees take a minute; this candidate takes a second and is as good (docs/models/propensity-retail.md).
        var result = ProtocolRun.Run(protocol, candidate, set, withTest: true, _ => { }, CancellationToken.None);
        Assert.True(result.Mean is { AucRoc: >= 0.80, AveragePrecision: >= 0.82 }, $"{result.Mean}");
        Assert.Null(result.Mean.CardPrecision);
    }

    private static int Positives(TrainingSet set) => set.Labels.Count(label => label == 1);

    private static TrainingProtocol Shipped()
    {
        var file = Path.Combine(s_schemas, "models", "propensity-retail.conf");
        var (protocols, diagnostics) = TrainingProtocols.Parse([(file, File.ReadAllText(file))]);
        Assert.Empty(diagnostics);
        return Assert.Single(protocols);
    }

    private static FeatureCatalog Catalog()
    {
        var protocol = Shipped();
        var files = Directory.GetFiles(Path.Combine(s_schemas, "features"), "*.conf").Append(protocol.Definitions!.Value.Value);
        var own = protocol.Sources.Select(
            source => EventSchemas.SourceOf(source.Key, (RecordSchema)Schema.Parse(File.ReadAllText(source.Value.Value))));
        var (catalog, diagnostics) = FeatureCatalog.Compile(
            [.. files.Select(file => (file, File.ReadAllText(file)))],
            [.. EventSchemas.Sources.Values.Concat(own).OrderBy(source => source.Name, StringComparer.Ordinal)]);
        Assert.Empty(diagnostics);
        return catalog!;
    }
}
