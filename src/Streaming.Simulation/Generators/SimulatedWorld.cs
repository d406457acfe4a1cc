namespace Streaming.Simulation.Generators;

/// <summary>The cards and terminals of a simulation and which terminals each card uses: those within a radius of its home.</summary>
internal sealed class SimulatedWorld
{
    private const double Side = 100;
    private static readonly string[] s_mccs =
    [
        "5411", "5812", "5541", "5311", "5912", "4111", "5732", "5651", "7011", "4722", "5942", "7995",
    ];
    private static readonly string[] s_countries = ["BE", "FR", "NL", "DE", "LU", "GB"];
    private readonly int[] _nearStart;
    private readonly int[] _near;

    public SimulatedWorld(TransactionGeneratorOptions options)
    {
        Terminals = PlaceTerminals(options);
        Cards = PlaceCards(options);
        Radius = 5 * Math.Sqrt(10_000.0 / options.Terminals);
        (_nearStart, _near) = FindNear();
    }

    /// <summary>
    /// The published radius 5 goes with 10,000 terminals, about 79 in reach. The area per terminal in reach is kept, so that
    /// cards of a small world reach as many.
    /// </summary>
    public double Radius { get; }

    public TerminalProfile[] Terminals { get; }

    public CardProfile[] Cards { get; }

    /// <summary>The terminals that a card uses, at least one.</summary>
    public ReadOnlySpan<int> Near(int card) => _near.AsSpan(_nearStart[card], _nearStart[card + 1] - _nearStart[card]);

    private static TerminalProfile[] PlaceTerminals(TransactionGeneratorOptions options)
    {
        var random = new StableRandom(options.Seed, StableStream.Terminals, 0);
        var terminals = new TerminalProfile[options.Terminals];
        for (var i = 0; i < terminals.Length; i++)
        {
            var (x, y) = (random.Uniform(0, Side), random.Uniform(0, Side));
            var mcc = s_mccs[random.Below(s_mccs.Length)];
            var country = random.NextDouble() < 0.8 ? s_countries[0] : s_countries[random.Below(s_countries.Length)];
            terminals[i] = new(x, y, mcc, country, random.NextDouble() < 0.75 ? "pos" : "online");
        }

        return terminals;
    }

    private static CardProfile[] PlaceCards(TransactionGeneratorOptions options)
    {
        var random = new StableRandom(options.Seed, StableStream.Cards, 0);
        var cards = new CardProfile[options.Cards];
        for (var i = 0; i < cards.Length; i++)
        {
            cards[i] = new(random.Uniform(0, Side), random.Uniform(0, Side), random.Uniform(5, 100), random.Uniform(0, 4));
        }

        return cards;
    }

    private (int[] Start, int[] Near) FindNear()
    {
        var grid = new TerminalGrid(Terminals, Side, Radius);
        var start = new int[Cards.Length + 1];
        var near = new List<int>(Cards.Length * 80);
        for (var card = 0; card < Cards.Length; card++)
        {
            start[card] = near.Count;
            grid.AddWithin(Cards[card].X, Cards[card].Y, near);
            if (near.Count == start[card])
            {
                near.Add(Nearest(Cards[card]));
            }
        }

        start[^1] = near.Count;
        return (start, near.ToArray());
    }

    private int Nearest(CardProfile card)
    {
        var (best, bestSquare) = (0, double.PositiveInfinity);
        for (var i = 0; i < Terminals.Length; i++)
        {
            var square = TerminalGrid.Square(card.X - Terminals[i].X, card.Y - Terminals[i].Y);
            if (square < bestSquare)
            {
                (best, bestSquare) = (i, square);
            }
        }

        return best;
    }
}
