using System.Globalization;
using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Offline.Backfill;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Protocols;

namespace Streaming.Offline.Tests.Training.Protocols;

public sealed class LookAheadLabelSpec
{
    private const long Hour = 3_600_000;
    private static readonly DateTimeOffset s_start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const string Label = """
        label {
          of = user_id
          rows = "request.kind != 'cart'"
          last-of = session_id
          next = "request.kind == 'purchase' and request.price > 2"
          within = 2d
        }
        """;

    private const string Features = """
        feature-view seen { entity = user, source = clicks, key = user_id, time = ts, features { n { count = "*", over = 1d } } }
        feature-service seen { request = clicks, features = [seen.n_1d, request.price] }
        """;

    [Theory]
    [InlineData(1, "  last-of = session_id\n", "")]
    [InlineData(2, "", "")]
    [InlineData(3, "of = user_id", "of = category")]
    [InlineData(4, "of = user_id", "of = [user_id, category]")]
    public void Rows_and_labels_are_those_of_a_naive_twin(int seed, string right, string wrong)
    {
        using var folder = new TempFolder();
        var text = right.Length == 0 ? Label : Label.Replace(right, wrong, StringComparison.Ordinal);
        var events = Events(seed);
        // Two files, and sessions that go on from one to the other.
        var inputs = events.Chunk(events.Length / 2).Select((part, i) => Write(folder[$"{i}.csv"], part)).ToArray();
        var (from, until) = (s_start.AddDays(2), s_start.AddDays(8));
        var set = History(text, inputs).Build(from, until, new Progress<BackfillProgress>(), CancellationToken.None);
        var rows = Naive(events, from, until, text.Contains("last-of", StringComparison.Ordinal), click => seed switch
        {
            3 => click.Category,
            4 => click.Category.Length == 0 ? "" : $"{click.User} {click.Category}",
            _ => click.User,
        });
        Assert.Equal(rows.Select(row => (row.Click.Ts, row.Label)), Enumerable.Range(0, set.Rows).Select(row => (set.TimesMillis[row], set.Labels[row])));
        Assert.Equal(rows.Select(row => (float)row.Click.Price), Enumerable.Range(0, set.Rows).Select(row => set.Row(row)[1]));
        Assert.InRange(rows.Average(row => row.Label), 0.1f, 0.9f);
        Assert.Empty(set.Cards);
    }

    [Fact]
    public void Rows_whose_label_is_not_known_yet_are_refused()
    {
        using var folder = new TempFolder();
        var history = History(Label, [Write(folder["all.csv"], Events(1))]);
        var error = Assert.Throws<TrainingException>(
            () => history.Build(s_start, s_start.AddDays(9), new Progress<BackfillProgress>(), CancellationToken.None));
        Assert.Contains("known at 2020-01-12 00:00 only", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("of = user_id", "", "FV015")]
    [InlineData("within = 2d", "within = 3d", "TR013")]
    [InlineData("within = 2d", "within = 2d, after = 1d", "FV014")]
    public void A_mistake_in_a_rule_is_told(string right, string wrong, string code) =>
        Assert.Equal(code, Assert.Single(Protocols.Read(Training(Label.Replace(right, wrong, StringComparison.Ordinal))).Diagnostics).Code);

    [Theory]
    [InlineData("of = user_id", "of = usr_id", "TR008", "did you mean \"user_id\"?")]
    [InlineData("last-of = session_id", "last-of = price", "TR008", "a text of clicks")]
    [InlineData("request.kind == 'purchase'", "request.knd == 'purchase'", "FV0", "request.kind")]
    [InlineData("request.kind == 'purchase' and request.price > 2", "request.price", "FV0", "a flag")]
    public void What_the_source_does_not_have_is_told(string right, string wrong, string code, string expected)
    {
        var protocol = Protocols.Small(Training(Label.Replace(right, wrong, StringComparison.Ordinal)));
        var diagnostic = Assert.Single(ProtocolChecks.Of(protocol, Catalog()));
        Assert.StartsWith(code, diagnostic.Code, StringComparison.Ordinal);
        Assert.Contains(expected, diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Card_precision_needs_cards() => Assert.Equal(
        "TR014",
        Assert.Single(Protocols.Read(Training(Label).Replace("choose-by = average_precision", "choose-by = card_precision", StringComparison.Ordinal)).Diagnostics).Code);

    [Fact]
    public void Validation_folds_may_have_a_split_of_their_own()
    {
        var text = Protocols.Text.Replace("  folds", "  validation-split { train = 2d, delay = 1d, test = 2d }\n  folds", StringComparison.Ordinal);
        var protocol = Protocols.Small(text);
        var split = protocol.ValidationSplitAt(protocol.Validation[1]);
        Assert.Equal((2, 1, 2, protocol.Validation[1]), (split.TrainDays, split.DelayDays, split.TestDays, split.Start));
        Assert.Equal(4, protocol.Split.TrainDays);
        Assert.Equal((protocol.Validation[0], protocol.Test[0].AddDays(9)), ProtocolRun.Period(protocol));
    }

    private static string Training(string label) => Protocols.Text
        .Replace("  label = fraud\n  card = card_id\n", label + "\n", StringComparison.Ordinal)
        .Replace("service = s", "service = seen", StringComparison.Ordinal)
        .Replace("missed-fraud = amount", "missed-fraud = request.price", StringComparison.Ordinal)
        .Replace("ascending = [amount]", "ascending = [request.price]", StringComparison.Ordinal)
        .Replace("groups { money = [amount, avg_7d], risk = [risk_7d] }", "", StringComparison.Ordinal);

    private static RecordedHistory History(string label, string[] files) =>
        new(Catalog(), "seen", Protocols.Small(Training(label)), [.. files.Select(file => new BackfillInput(null, file))]);

    private static FeatureCatalog Catalog()
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("seen.conf", Features)], [.. EventSchemas.Sources.Values]);
        Assert.Empty(diagnostics);
        return catalog!;
    }

    // Hours that many events share, so that "later" and "at the latest" are put to the test.
    private static Click[] Events(int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, 600).Select(_ => s_start.ToUnixTimeMilliseconds() + (random.Next(24 * 10) * Hour)).Order().Select((ts, id) =>
            {
                var user = "u" + random.Next(12).ToString(CultureInfo.InvariantCulture);
                return new Click(
                    id,
                    user,
                    $"{user}_{ts / (7 * Hour)}",
                    random.Next(6) is var category and > 0 ? $"c{category}" : "",
                    random.Next(6) switch { 0 => "purchase", < 3 => "cart", _ => "view" },
                    1 + random.Next(9),
                    ts);
            }),
            new Click(600, "late", "late", "late", "view", 1, s_start.AddDays(10).ToUnixTimeMilliseconds()),
        ];
    }

    private static List<(Click Click, float Label)> Naive(
        Click[] events, DateTimeOffset from, DateTimeOffset until, bool lastOf, Func<Click, string> of)
    {
        var rows = events.Where(each => each.Kind != "cart" && of(each).Length > 0
            && each.Ts >= from.ToUnixTimeMilliseconds() && each.Ts < until.ToUnixTimeMilliseconds()).ToList();
        var kept = lastOf ? rows.Where(row => !rows.Any(other => other.Session == row.Session && other.Id > row.Id)) : rows;
        return
        [
            .. kept.Select(row => (row, events.Any(
                next => next.Kind == "purchase" && next.Price > 2 && of(next) == of(row) && next.Ts > row.Ts && next.Ts <= row.Ts + (48 * Hour)) ? 1f : 0f)),
        ];
    }

    private static string Write(string file, Click[] events)
    {
        File.WriteAllLines(
            file,
            events.Select(each => string.Create(
                    CultureInfo.InvariantCulture,
                    $"e{each.Id},{each.User},{each.Session},i,{each.Category},{each.Kind},{each.Price},{DateTimeOffset.FromUnixTimeMilliseconds(each.Ts):yyyy-MM-ddTHH:mm:ssZ}"))
                .Prepend("event_id,user_id,session_id,item_id,category,kind,price,ts"));
        return file;
    }

    private sealed record Click(int Id, string User, string Session, string Category, string Kind, int Price, long Ts);
}
