using Streaming.Contracts.Events;

namespace Streaming.Simulation.Generators;

/// <summary>
/// Simulated sessions in a shop: a user looks at items, mostly of two favourite categories, puts some into the cart and buys some
/// of these at the end. In some sessions it means to buy: then it looks longer, at fewer categories, and buys most of what is in the cart.
/// Nothing in a click says so, but what was clicked before does. Days are independent, as those of <see cref="TransactionGenerator"/>; a
/// session ends at midnight at the latest.
/// Thread-safe.
/// </summary>
public sealed class ClickGenerator
{
    private static readonly SessionIntent s_buying = new(ExtraViews: 6, Stays: 0.6, CartShare: 0.35, PurchaseShare: 0.75);
    private static readonly SessionIntent s_looking = new(ExtraViews: 3, Stays: 0.2, CartShare: 0.08, PurchaseShare: 0.1);
    private const long DayMillis = 86_400_000;
    private const long IdsPerDay = 100_000_000;
    private readonly SimulatedShop _shop;
    private readonly long _startMillis;

    /// <summary>Prices the items and gives users their habits.</summary>
    public ClickGenerator(ClickGeneratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _startMillis = options.Start.ToUnixTimeMilliseconds();
        _shop = new SimulatedShop(options);
    }

    /// <summary>What is simulated.</summary>
    public ClickGeneratorOptions Options { get; }

    /// <summary>Consecutive days, each made when it is asked for.</summary>
    public IEnumerable<GeneratedClick[]> Days(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        for (var day = first; day < first + count; day++)
        {
            yield return Day(day);
        }
    }

    /// <summary>All clicks of one day, by ascending event time.</summary>
    public GeneratedClick[] Day(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var random = new StableRandom(Options.Seed, StableStream.ClickDay, index);
        var clicks = new List<GeneratedClick>(Options.Users * 4);
        var session = index * IdsPerDay;
        for (var user = 0; user < _shop.Users.Length; user++)
        {
            var sessions = random.Poisson(_shop.Users[user].SessionsPerDay);
            for (var i = 0; i < sessions; i++)
            {
                AddSession(user, session++, random, clicks);
            }
        }

        return Sorted(index, clicks);
    }

    private void AddSession(int user, long session, StableRandom random, List<GeneratedClick> clicks)
    {
        var millis = (long)Math.Floor(random.Normal(57_600, 14_400) * 1000);
        var intent = random.NextDouble() < _shop.Users[user].Eagerness ? s_buying : s_looking;
        var cart = new List<int>();
        var item = -1;
        for (var views = 1 + random.Poisson(intent.ExtraViews); views > 0 && millis is >= 0 and < DayMillis; views--)
        {
            // Within the category, where it stays: that of the last item.
            item = item >= 0 && random.NextDouble() < intent.Stays ? _shop.PickItemOf(item, random) : _shop.PickItem(user, random);
            Add(ClickKind.View, item);
            if (random.NextDouble() < intent.CartShare * _shop.Appeal(user, item) && millis < DayMillis && !cart.Contains(item))
            {
                Add(ClickKind.Cart, item);
                cart.Add(item);
            }
        }

        foreach (var chosen in cart)
        {
            if (random.NextDouble() < intent.PurchaseShare && millis < DayMillis)
            {
                Add(ClickKind.Purchase, chosen);
            }
        }

        void Add(ClickKind kind, int of)
        {
            clicks.Add(new(0, millis, user, session, of, of / Options.ItemsPerCategory, kind, _shop.Prices[of]));
            millis += 1 + (long)(random.Exponential() * 30_000);
        }
    }

    private GeneratedClick[] Sorted(int index, List<GeneratedClick> clicks)
    {
        var order = TimeOrder.Of(clicks, click => click.TimeMillis);
        var day = new GeneratedClick[order.Length];
        var midnight = _startMillis + (index * DayMillis);
        for (var i = 0; i < day.Length; i++)
        {
            var click = clicks[order[i]];
            day[i] = click with { Id = (index * IdsPerDay) + i, TimeMillis = midnight + click.TimeMillis };
        }

        return day;
    }
}
