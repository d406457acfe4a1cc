namespace Streaming.Simulation.Generators;

/// <summary>The items of a simulated shop and the habits of its users.</summary>
internal sealed class SimulatedShop
{
    private readonly ClickGeneratorOptions _options;
    private readonly double[] _typical;

    public SimulatedShop(ClickGeneratorOptions options)
    {
        _options = options;
        _typical = new double[options.Categories];
        Prices = PriceItems(options);
        Users = FormHabits(options);
    }

    /// <summary>By item, in whole cents.</summary>
    public double[] Prices { get; }

    public UserProfile[] Users { get; }

    /// <summary>The item that a user looks at: mostly of a favourite category, there mostly of the popular ones.</summary>
    public int PickItem(int user, StableRandom random)
    {
        var habits = Users[user];
        var taste = random.NextDouble();
        var category = taste < 0.45 ? habits.Favourite : taste < 0.7 ? habits.Second : random.Below(_options.Categories);
        return PickOf(category, random);
    }

    /// <summary>Another item of an item's category, mostly a popular one.</summary>
    public int PickItemOf(int item, StableRandom random) => PickOf(item / _options.ItemsPerCategory, random);

    private int PickOf(int category, StableRandom random)
    {
        var popularity = random.NextDouble();
        return (category * _options.ItemsPerCategory) + (int)(popularity * popularity * _options.ItemsPerCategory);
    }

    /// <summary>
    /// How much more, or less, than another an item appeals to a user: more where it is of a favourite category, popular, or cheap for its
    /// category.
    /// </summary>
    public double Appeal(int user, int item)
    {
        var (habits, category) = (Users[user], item / _options.ItemsPerCategory);
        var taste = category == habits.Favourite ? 1.5 : category == habits.Second ? 1.1 : 0.6;
        var popularity = 1.3 - (0.6 * (item % _options.ItemsPerCategory) / _options.ItemsPerCategory);
        return taste * popularity * Math.Clamp(1.5 - (0.5 * Prices[item] / _typical[category]), 0.5, 1.3);
    }

    private double[] PriceItems(ClickGeneratorOptions options)
    {
        var random = new StableRandom(options.Seed, StableStream.Items, 0);
        var prices = new double[options.Categories * options.ItemsPerCategory];
        for (var category = 0; category < options.Categories; category++)
        {
            var typical = _typical[category] = random.Uniform(5, 200);
            for (var i = 0; i < options.ItemsPerCategory; i++)
            {
                prices[(category * options.ItemsPerCategory) + i] = Math.Round(typical * random.Uniform(0.4, 1.6), 2);
            }
        }

        return prices;
    }

    private static UserProfile[] FormHabits(ClickGeneratorOptions options)
    {
        var random = new StableRandom(options.Seed, StableStream.Users, 0);
        var users = new UserProfile[options.Users];
        for (var i = 0; i < users.Length; i++)
        {
            var sessions = random.Uniform(0, 0.5);
            var (favourite, second) = (random.Below(options.Categories), random.Below(options.Categories));
            // Few are eager, most look around.
            var eagerness = random.NextDouble();
            users[i] = new(sessions, favourite, second, eagerness * eagerness);
        }

        return users;
    }
}
