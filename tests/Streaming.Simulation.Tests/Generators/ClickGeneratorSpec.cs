using Streaming.Contracts.Events;
using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Tests.Generators;

public class ClickGeneratorSpec
{
    private static readonly ClickGenerator s_generator = new(new() { Users = 4_000 });
    private static readonly GeneratedClick[] s_clicks = [.. s_generator.Days(0, 14).SelectMany(day => day)];
    private static readonly HashSet<long> s_buyers = [.. s_clicks.Where(click => click.Kind == ClickKind.Purchase).Select(click => click.Session)];
    private static readonly long s_middle = s_generator.Options.Start.AddDays(7).ToUnixTimeMilliseconds();

    [Fact]
    public void The_same_seed_gives_the_same_clicks() => Assert.Equal(s_generator.Day(2), new ClickGenerator(s_generator.Options).Day(2));

    [Fact]
    public void Clicks_are_in_order_with_ascending_ids() => Assert.True(
        s_clicks.Zip(s_clicks.Skip(1)).All(pair => pair.First.TimeMillis <= pair.Second.TimeMillis && pair.First.Id < pair.Second.Id));

    [Fact]
    public void A_cart_follows_a_view_and_a_purchase_follows_the_cart_in_one_session()
    {
        foreach (var session in s_clicks.GroupBy(click => click.Session))
        {
            Assert.Single(session.Select(click => click.User).Distinct());
            var seen = new HashSet<(int Item, ClickKind Kind)>();
            foreach (var click in session)
            {
                Assert.True(click.Kind == ClickKind.View || seen.Contains((click.Item, click.Kind - 1)));
                Assert.True(seen.Add((click.Item, click.Kind)) || click.Kind == ClickKind.View);
            }
        }
    }

    [Fact]
    public void Some_views_become_carts_and_some_of_these_purchases()
    {
        var kinds = s_clicks.CountBy(click => click.Kind).ToDictionary();
        Assert.InRange(kinds[ClickKind.Cart] / (double)kinds[ClickKind.View], 0.1, 0.35);
        Assert.InRange(kinds[ClickKind.Purchase] / (double)kinds[ClickKind.Cart], 0.4, 0.75);
    }

    [Fact]
    public void Sessions_that_end_in_a_purchase_are_longer_and_keep_to_fewer_categories()
    {
        var sessions = s_clicks.GroupBy(click => click.Session)
            .Select(session => session.Where(click => click.Kind == ClickKind.View).ToArray())
            .Where(views => views.Length >= 3)
            .ToLookup(views => s_buyers.Contains(views[0].Session));
        Assert.True(sessions[true].Average(views => views.Length) > 1.2 * sessions[false].Average(views => views.Length));
        static double Categories(GeneratedClick[] views) => views.Select(view => view.Category).Distinct().Count() / (double)views.Length;
        Assert.True(sessions[true].Average(Categories) < 0.85 * sessions[false].Average(Categories));
    }

    [Fact]
    public void Who_has_bought_buys_again_more_often_than_others()
    {
        var early = s_clicks.Where(click => click.TimeMillis < s_middle).ToLookup(click => click.User);
        var late = s_clicks.Where(click => click.TimeMillis >= s_middle).GroupBy(click => click.User).Where(user => early.Contains(user.Key))
            .ToLookup(user => early[user.Key].Any(click => click.Kind == ClickKind.Purchase));
        double Buyers(bool before) => late[before].Average(user => user.Any(click => click.Kind == ClickKind.Purchase) ? 1.0 : 0.0);
        Assert.True(Buyers(true) > 1.5 * Buyers(false), $"{Buyers(true)} and {Buyers(false)}");
    }

    [Fact]
    public void An_item_has_one_category_and_one_price() => Assert.All(
        s_clicks.GroupBy(click => click.Item), item => Assert.Single(item.Select(click => (click.Category, click.Price)).Distinct()));

    [Fact]
    public void Users_prefer_their_favourites()
    {
        var busy = s_clicks.Where(click => click.Kind == ClickKind.View).GroupBy(click => click.User).Where(user => user.Count() >= 30).ToArray();
        Assert.NotEmpty(busy);
        var favourite = busy.Average(user => user.CountBy(click => click.Category).Max(category => category.Value) / (double)user.Count());
        Assert.InRange(favourite, 0.35, 0.7);
    }
}
