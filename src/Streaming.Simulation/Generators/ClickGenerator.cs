using Streaming.Contracts.Events;

namespace Streaming.Simulation.Generators;

/// <summary>
/// Simulated sessions in a shop: a user looks at items, mostly of two favourite categories, puts some into the cart and buys some
/// of these at the end. Days are independent, as those of <see cref="TransactionGenerator"/>; a session ends at midnight at the latest.
/// Thread-safe.
/// </summary>
public sealed class ClickGenerator
{
    /// <summary>The probability that a view is followed by the item going into the cart.</summary>
    public const double CartShare = 0.25;

    /// <summary>The probability that an item in the cart is bought.</summary>
    public const double PurchaseShare = 0.4;

    private const long DayMillis = 86_400_000;
    private const long IdsPerDay = 100_000_000;
    private readonly double[] _prices;
    private readonly UserProfile[] _users;
    private readonly long _startMillis;

    /// <summary>Prices the items and gives users their habits.</summary>
    public ClickGenerator(ClickGeneratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _startMillis = options.Start.ToUnixTimeMilliseconds();
        _prices = Prices(options);
        _users = Users(options);
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
        for (var user = 0; user < _users.Length; user++)
        {
            var sessions = random.Poisson(_users[user].SessionsPerDay);
            for (var i = 0; i < sessions; i++)
            {
                AddSession(user, session++, random, clicks);
            }
        }

        return Sorted(index, clicks);
    }

    private static double[] Prices(ClickGeneratorOptions options)
    {
        var random = new StableRandom(options.Seed, StableStream.Items, 0);
        var prices = new double[options.Categories * options.ItemsPerCategory];
        for (var category = 0; category < options.Categories; category++)
        {
            var typical = random.Uniform(5, 200);
            for (var i = 0; i < options.ItemsPerCategory; i++)
            {
                prices[(category * options.ItemsPerCategory) + i] = Math.Round(typical * random.Uniform(0.4, 1.6), 2);
            }
        }

        return prices;
    }

    private static UserProfile[] Users(ClickGeneratorOptions options)
    {
        var random = new StableRandom(options.Seed, StableStream.Users, 0);
        var users = new UserProfile[options.Users];
        for (var i = 0; i < users.Length; i++)
        {
            users[i] = new(random.Uniform(0, 1.5), random.Below(options.Categories), random.Below(options.Categories));
        }

        return users;
    }

    private void AddSession(int user, long session, StableRandom random, List<GeneratedClick> clicks)
    {
        var millis = (long)Math.Floor(random.Normal(57_600, 14_400) * 1000);
        var cart = new List<int>();
        for (var views = 1 + random.Poisson(4); views > 0 && millis is >= 0 and < DayMillis; views--)
        {
            var item = PickItem(_users[user], random);
            Add(ClickKind.View, item);
            if (random.NextDouble() < CartShare && millis < DayMillis && !cart.Contains(item))
            {
                Add(ClickKind.Cart, item);
                cart.Add(item);
            }
        }

        foreach (var item in cart)
        {
            if (random.NextDouble() < PurchaseShare && millis < DayMillis)
            {
                Add(ClickKind.Purchase, item);
            }
        }

        void Add(ClickKind kind, int item)
        {
            clicks.Add(new(0, millis, user, session, item, item / Options.ItemsPerCategory, kind, _prices[item]));
            millis += 1 + (long)(random.Exponential() * 30_000);
        }
    }

    private int PickItem(UserProfile user, StableRandom random)
    {
        var taste = random.NextDouble();
        var category = taste < 0.45 ? user.Favourite : taste < 0.7 ? user.Second : random.Below(Options.Categories);
        var popularity = random.NextDouble();
        return (category * Options.ItemsPerCategory) + (int)(popularity * popularity * Options.ItemsPerCategory);
    }

    private GeneratedClick[] Sorted(int index, List<GeneratedClick> clicks)
    {
        var order = new long[clicks.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = (clicks[i].TimeMillis << 32) | (uint)i;
        }

        Array.Sort(order);
        var day = new GeneratedClick[order.Length];
        var midnight = _startMillis + (index * DayMillis);
        for (var i = 0; i < day.Length; i++)
        {
            var click = clicks[(int)(order[i] & uint.MaxValue)];
            day[i] = click with { Id = (index * IdsPerDay) + i, TimeMillis = midnight + click.TimeMillis };
        }

        return day;
    }

    private readonly record struct UserProfile(double SessionsPerDay, int Favourite, int Second);
}
