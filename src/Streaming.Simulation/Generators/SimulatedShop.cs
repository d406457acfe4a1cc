namespace Streaming.Simulation.Generators;

/// <summary>The items of a simulated shop and the habits of its users.</summary>
internal sealed class SimulatedShop
{
    private readonly ClickGeneratorOptions _options;

    public SimulatedShop(ClickGeneratorOptions options)
    {
        _options = options;
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
        var popularity = random.NextDouble();
        return (category * _options.ItemsPerCategory) + (int)(popularity * popularity * _options.ItemsPerCategory);
    }

    private static double[] PriceItems(ClickGeneratorOptions options)
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

    private static UserProfile[] FormHabits(ClickGeneratorOptions options)
    {
        var random = new StableRandom(options.Seed, StableStream.Users, 0);
        var users = new UserProfile[options.Users];
        for (var i = 0; i < users.Length; i++)
        {
            users[i] = new(random.Uniform(0, 1.5), random.Below(options.Categories), random.Below(options.Categories));
        }

        return users;
    }
}
