using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Protocols;
using Streaming.Simulation.Generators;

namespace Streaming.Offline.Tests.Training;

/// <summary>The training set of the shipped propensity model, of a small world.</summary>
public sealed class ClickHistorySpec
{
    private const long Day = 86_400_000;
    private static readonly string s_schemas = Path.Combine(RepositoryRoot.Path, "schemas");
    private static readonly ClickGenerator s_generator = new(new ClickGeneratorOptions { Users = 400, Seed = 5, Start = DateTimeOffset.UnixEpoch });
    private static readonly Lazy<(TrainingSet Set, int WarmUp)> s_history = new(() =>
    {
        var history = new ClickHistory(Service(), Shipped().LookAhead!, s_generator);
        return (history.Build(20, _ => { }, CancellationToken.None), history.WarmUpDays);
    });

    [Fact]
    public void A_row_is_a_view_and_its_label_whether_the_user_buys_the_item_within_a_day()
    {
        var (set, warmUp) = s_history.Value;
        var clicks = s_generator.Days(0, warmUp + 21).SelectMany(day => day).ToArray();
        var views = clicks.Where(click => click.Kind == ClickKind.View && click.TimeMillis >= warmUp * Day && click.TimeMillis < (warmUp + 20) * Day);
        var bought = clicks.Where(click => click.Kind == ClickKind.Purchase).ToLookup(click => (click.User, click.Item), click => click.TimeMillis);
        Assert.Equal(
            views.Select(view => (view.TimeMillis, bought[(view.User, view.Item)].Any(time => time > view.TimeMillis && time <= view.TimeMillis + Day) ? 1f : 0f)),
            set.TimesMillis.Zip(set.Labels));
        Assert.InRange(set.Labels.Average(), 0.02f, 0.4f);
    }

    [Fact]
    public void Features_are_those_of_the_clicks_up_to_the_view()
    {
        var (set, warmUp) = s_history.Value;
        var clicks = s_generator.Days(0, warmUp + 20).SelectMany(day => day).ToArray();
        var views = clicks.Where(click => click.Kind == ClickKind.View && click.TimeMillis >= warmUp * Day).ToArray();
        for (var row = 0; row < set.Rows; row += 37)
        {
            var view = views[row];
            GeneratedClick[] before = [.. clicks.Where(click => click.TimeMillis <= view.TimeMillis && click.Id <= view.Id)];
            Assert.Equal(Count(before, view, 1, click => click.User == view.User && click.Kind == ClickKind.View), Value(row, "user_clicks.views_1d"));
            Assert.Equal(Count(before, view, 7, click => click.Item == view.Item && click.Kind == ClickKind.View), Value(row, "item_clicks.views_7d"));
            Assert.Equal(Count(before, view, 7, click => click.Item == view.Item && click.Kind == ClickKind.Purchase), Value(row, "item_clicks.purchases_7d"));
            var carted = before.LastOrDefault(
                click => click.User == view.User && click.Kind == ClickKind.Cart && click.TimeMillis > view.TimeMillis - Day);
            Assert.Equal(carted.Id == 0 ? float.NaN : carted.Price == view.Price ? 1 : 0, Value(row, "in_cart"));
        }

        float Value(int row, string feature) => set.Row(row)[set.FeatureNames.IndexOf(feature)];
    }

    [Fact]
    public void What_was_clicked_before_tells_what_will_be_bought()
    {
        var (set, warmUp) = s_history.Value;
        var split = new DelayedSplit { Start = DateTimeOffset.UnixEpoch.AddDays(warmUp), TrainDays = 12, DelayDays = 1, TestDays = 7 };
        var model = FraudTrainer.Train(set, new FraudTrainingOptions { FeatureService = "propensity", Split = split });
        Assert.True(model.Metrics!.AucRoc > 0.7, $"{model.Metrics}");
        Assert.Null(model.Metrics.CardPrecisionAt100);
    }

    [Fact]
    public void A_service_of_other_events_is_refused() => Assert.Throws<NotSupportedException>(
        () => new ClickHistory(Catalog().For(Catalog().FindService("fraud")!).Services[0], Shipped().LookAhead!, s_generator));

    private static float Count(GeneratedClick[] before, GeneratedClick view, int days, Func<GeneratedClick, bool> condition) =>
        before.Count(click => condition(click) && click.TimeMillis > view.TimeMillis - (days * Day));

    private static TrainingProtocol Shipped()
    {
        var file = Path.Combine(s_schemas, "models", "propensity.conf");
        var (protocols, diagnostics) = TrainingProtocols.Parse([(file, File.ReadAllText(file))]);
        Assert.Empty(diagnostics);
        var protocol = Assert.Single(protocols);
        Assert.Empty(ProtocolChecks.Of(protocol, Catalog()));
        return protocol;
    }

    private static ServicePlan Service() => Catalog().For(Catalog().FindService("propensity")!).Services[0];

    private static FeatureCatalog Catalog()
    {
        var files = Directory.GetFiles(Path.Combine(s_schemas, "features"), "*.conf");
        var (catalog, diagnostics) = FeatureCatalog.Compile([.. files.Select(file => (file, File.ReadAllText(file)))], [.. EventSchemas.Sources.Values]);
        Assert.Empty(diagnostics);
        return catalog!;
    }
}
