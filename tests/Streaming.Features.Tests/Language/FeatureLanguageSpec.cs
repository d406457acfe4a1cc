using Streaming.Features.Aggregations;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Hocon;

namespace Streaming.Features.Tests.Language;

public class FeatureLanguageSpec
{
    private const string Views = """
        feature-view card_activity {
          entity = card, source = transactions, key = card_id, time = ts
          delay = 7d
          ttl = 90 days
          where = "amount > 0"
          features {
            tx_count   { count = "*", over = [1d, 7d, 30d] }
            amount_avg { avg = amount, over = [1d, 7 	d], default = 0 }
            online_sum { sum = amount, where = "channel == 'online'", over = 7d }
            p95        { percentile = amount, p = 95, over = [30d] }
            share      { ratio = ["if(fraud, amount, 0)", amount], over = [7d] }
            last_mcc   { last = mcc, ttl = 30d }
            last_fraud { last = fraud, default = false }
          }
        }

        """;

    private const string Service = """
        feature-service fraud {
          features = [ card_activity.tx_count_1d, request.amount, amount_ratio, card_activity.p95_30d ]
          derived {
            half = "card_activity.online_sum_7d / 2"
            amount_ratio = "request.amount / max(half, 1)"
          }
        }
        """;

    [Fact]
    public void A_view_is_read_as_declared()
    {
        var view = Assert.Single(Registry.ParseGood(Views).Views);

        Assert.Equal(("card_activity", "card", "transactions", "card_id", "ts"), (view.Name, view.Entity, view.Source, view.KeyField, view.TimeField));
        Assert.Equal(7 * 86_400_000L, view.DelayMillis);
        Assert.Equal(new SourcePosition("a.conf", 1, 14), view.Position);
        Assert.Equal(["tx_count", "amount_avg", "online_sum", "p95", "share", "last_mcc", "last_fraud"], view.Features.Select(feature => feature.Name));
    }

    [Fact]
    public void A_key_may_be_a_field_that_events_need_not_have()
    {
        Assert.True(Registry.Transactions.Fields[Registry.Transactions.IndexOf("user_id")].Nullable);
        var view = Assert.Single(Registry.ParseGood("feature-view v { entity = user, source = transactions, key = user_id, time = ts, features { n { count = \"*\" } } }").Views);
        Assert.Equal("user_id", view.KeyField);
    }

    [Fact]
    public void Windows_keep_the_label_as_written_without_its_spaces()
    {
        var windows = Feature("amount_avg").Windows;

        Assert.Equal([new WindowDefinition("1d", 86_400_000), new WindowDefinition("7d", 7 * 86_400_000L)], windows.AsEnumerable());
    }

    [Fact]
    public void A_single_window_needs_no_brackets() => Assert.Equal("7d", Assert.Single(Feature("online_sum").Windows).Label);

    [Fact]
    public void A_feature_without_windows_runs_over_the_whole_lifetime() => Assert.Empty(Feature("last_mcc").Windows);

    [Fact]
    public void A_star_takes_no_input() => Assert.Empty(Feature("tx_count").Inputs);

    [Fact]
    public void An_aggregation_of_two_inputs_takes_an_array_of_expressions() =>
        Assert.Equal(["if(fraud, amount, 0)", "amount"], Feature("share").Inputs.Select(input => input.Canonical));

    [Fact]
    public void Parameters_are_numbers_by_name() => Assert.Equal(95, Feature("p95").Parameters["p"]);

    [Fact]
    public void A_default_may_be_a_flag_where_the_feature_is_one() => Assert.Equal((0.0, 0.0), (Feature("last_fraud").Default, Feature("amount_avg").Default));

    [Fact]
    public void A_features_ttl_overrides_that_of_its_view() =>
        Assert.Equal((30 * 86_400_000L, 90 * 86_400_000L), (Feature("last_mcc").TtlMillis, Feature("p95").TtlMillis));

    [Fact]
    public void The_views_where_holds_for_every_feature_besides_its_own()
    {
        Assert.Equal("(amount > 0)", Feature("tx_count").Where!.Canonical);
        Assert.Equal("((amount > 0) and (channel == 'online'))", Feature("online_sum").Where!.Canonical);
    }

    [Fact]
    public void The_aggregations_place_is_that_of_its_key() => Assert.Equal(new SourcePosition("a.conf", 7, 18), Feature("tx_count").Aggregation.Position);

    [Fact]
    public void A_service_reads_each_view_feature_once_and_in_the_order_of_its_vector()
    {
        var service = Assert.Single(Registry.ParseGood(Views + Service).Services);

        Assert.Equal(["card_activity.tx_count_1d", "card_activity.p95_30d", "card_activity.online_sum_7d"], service.Reads.AsEnumerable());
        Assert.Equal(
            ["card_activity.tx_count_1d", "request.amount", "amount_ratio", "card_activity.p95_30d"],
            service.Features.Select(feature => feature.Name));
        Assert.Null(service.Features[0].Derivation);
    }

    [Fact]
    public void A_derived_feature_inlines_earlier_ones()
    {
        var service = Assert.Single(Registry.ParseGood(Views + Service).Services);

        Assert.Equal("(request.amount / max((card_activity.online_sum_7d / 2), 1))", service.Features[2].Derivation!.Canonical);
    }

    [Fact]
    public void A_derived_feature_evaluates_over_the_request_and_the_slots()
    {
        var service = Assert.Single(Registry.ParseGood(Views + Service).Services);
        var request = new EventBatch(Registry.Transactions, [], 1) { Count = 1 };
        request.Numbers(Registry.Transactions.IndexOf("amount"))[0] = 30;
        var context = new ExpressionContext(request, 0, [7, 8, 20]);

        Assert.Equal(30, service.Features[1].Derivation!.Evaluate(context));
        Assert.Equal(3, service.Features[2].Derivation!.Evaluate(context));
    }

    [Fact]
    public void Derived_features_tell_which_request_fields_they_read()
    {
        var fields = new List<int>();
        Assert.Single(Registry.ParseGood(Views + Service).Services).Features[2].Derivation!.VisitFields(fields.Add);

        Assert.Equal([Registry.Transactions.IndexOf("amount")], fields);
    }

    [Fact]
    public void The_request_is_the_one_source_of_all_views_unless_it_is_named()
    {
        var implied = Registry.ParseGood(Views + Service).Services[0];
        var unused = Registry.ParseGood(Views + "feature-service s { features = [card_activity.tx_count_1d] }").Services[0];
        const string Users = "feature-view u { entity = user, source = transactions, key = user_id, time = ts, features { n { count = \"*\" } } }\n";
        var named = Registry.ParseGood(Users + "feature-service s { request = clicks, features = [u.n, request.price] }").Services[0];

        Assert.Equal(("transactions", null, "clicks"), (implied.RequestSource, unused.RequestSource, named.RequestSource));
    }

    [Fact]
    public void A_star_after_a_view_is_all_its_features_in_order()
    {
        var text = Views.Replace("last_mcc   { last = mcc, ttl = 30d }", "", StringComparison.Ordinal);
        var service = Registry.ParseGood(text + "feature-service s { features = [\"card_activity.*\"] }").Services[0];

        Assert.Equal(
            ["tx_count_1d", "tx_count_7d", "tx_count_30d", "amount_avg_1d", "amount_avg_7d", "online_sum_7d", "p95_30d", "share_7d", "last_fraud"],
            service.Features.Select(feature => feature.Name.Split('.')[1]));
        Assert.Equal(service.Features.Select(feature => feature.Name), service.Reads);
    }

    [Fact]
    public void A_service_may_name_views_of_other_files()
    {
        var (definitions, diagnostics) = FeatureLanguage.Parse([("s.conf", Service), ("v.conf", Views)], Registry.Sources, AggregationRegistry.Signatures);

        Assert.Empty(diagnostics);
        Assert.Equal((1, 1), (definitions.Views.Length, definitions.Services.Length));
    }

    [Fact]
    public void Mistakes_of_all_files_are_reported_together_in_the_order_of_the_text()
    {
        var (_, diagnostics) = FeatureLanguage.Parse(
            [("s.conf", "feature-service s { features = [none.x], typo = 1 }\nfeature-veiw a {}"), ("v.conf", Views + Views)],
            Registry.Sources,
            AggregationRegistry.Signatures);

        Assert.Equal(["FV060 s.conf:1", "FV014 s.conf:1", "FV010 s.conf:2", "FV012 v.conf:16"], diagnostics.Select(diagnostic =>
            $"{diagnostic.Code} {diagnostic.Position.File}:{diagnostic.Position.Line}"));
    }

    [Fact]
    public void A_mistake_in_a_view_is_not_repeated_for_those_who_use_it()
    {
        var text = Views.Replace("over = 7d }", "over = 7x }", StringComparison.Ordinal);

        Assert.Equal("FV024", Assert.Single(Registry.Parse(text + Service).Diagnostics).Code);
        text = Views.Replace("= transactions", "= transaction", StringComparison.Ordinal);
        Assert.Equal("FV020", Assert.Single(Registry.Parse(text + Service).Diagnostics).Code);
    }

    [Fact]
    public void A_faulty_feature_leaves_the_others_of_its_view()
    {
        var (definitions, _) = Registry.Parse(Views.Replace("p = 95", "p = 101", StringComparison.Ordinal));

        Assert.Equal(6, Assert.Single(definitions.Views).Features.Length);
    }

    [Fact]
    public void Derived_features_that_double_at_each_step_are_stopped()
    {
        var steps = string.Join("\n", Enumerable.Range(1, 40).Select(i => $"d{i} = \"d{i - 1} + d{i - 1}\""));
        var (_, diagnostics) = Registry.Parse(
            Views + $$"""feature-service s { request = transactions, features = [d40], derived { d0 = request.amount {{"\n" + steps}} } }""");

        Assert.Equal("FV056", Assert.Single(diagnostics).Code);
    }

    private static AggregationDefinition Feature(string name) =>
        Registry.ParseGood(Views).Views[0].Features.Single(feature => feature.Name == name);
}
