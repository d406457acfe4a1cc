using Streaming.Features.Language;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Plans;

public class FingerprintSpec
{
    private static readonly FeatureViewDefinition s_view = Views.View("v", 0,
        Views.Feature("numbers", "count", [Transactions.Amount], [Views.OneDay]),
        Views.Feature("others", "count", [Transactions.Other], [Views.OneDay]),
        Views.Feature("extreme", "min", [Transactions.Amount], []),
        Views.Feature("edge", "first", [Transactions.Amount], []));

    [Fact]
    public void Names_defaults_and_ttls_do_not_change_the_layout()
    {
        Assert.Equal(Of(s_view), Of(s_view));
        Assert.Equal(Of(s_view), Of(s_view with { Name = "another", Features = [.. s_view.Features.Select(f => f with { Name = "x" + f.Name, Default = 3, TtlMillis = 9 })] }));
    }

    [Fact]
    public void Whatever_changes_the_meaning_of_the_state_changes_the_fingerprint()
    {
        FeatureViewDefinition[] others =
        [
            s_view with { KeyField = "mcc" },
            s_view with { TimeField = "seen" },
            s_view with { DelayMillis = 1 },
            s_view with { Features = s_view.Features.RemoveAt(0) },
            With(0, f => f with { Windows = [Views.OneHour] }),
            With(0, f => f with { Windows = [] }),
            With(0, f => f with { Where = Transactions.OtherIsPositive }),
            With(0, f => f with { Inputs = [Transactions.Fraud] }),
            With(2, f => f with { Aggregation = new("max", f.Position) }),
            With(2, f => f with { Inputs = [Transactions.Other] }),
            With(3, f => f with { Aggregation = new("last", f.Position) }),
        ];
        Assert.Equal(others.Length + 1, others.Append(s_view).Select(Of).Distinct().Count());
    }

    private static FeatureViewDefinition With(int feature, Func<AggregationDefinition, AggregationDefinition> change) =>
        s_view with { Features = s_view.Features.SetItem(feature, change(s_view.Features[feature])) };

    private static ulong Of(FeatureViewDefinition view) => Views.Entity(view).Views[0].Fingerprint;
}
