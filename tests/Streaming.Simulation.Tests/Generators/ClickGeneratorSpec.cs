using Streaming.Contracts.Events;
using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Tests.Generators;

public class ClickGeneratorSpec
{
    private static readonly ClickGenerator s_generator = new(new() { Users = 4_000 });
    private static readonly GeneratedClick[] s_clicks = [.. s_generator.Days(0, 5).SelectMany(day => day)];

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
    public void Views_become_carts_and_purchases_at_their_shares()
    {
        var kinds = s_clicks.CountBy(click => click.Kind).ToDictionary();
        Assert.Equal(ClickGenerator.CartShare, kinds[ClickKind.Cart] / (double)kinds[ClickKind.View], 0.03);
        Assert.Equal(ClickGenerator.PurchaseShare, kinds[ClickKind.Purchase] / (double)kinds[ClickKind.Cart], 0.03);
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
