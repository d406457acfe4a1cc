using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Tests.Generators;

public class TransactionGeneratorSpec
{
    private const int HistoryDays = 90;
    private static readonly TransactionGenerator s_generator = new(new() { Cards = 5_000, Seed = 7 });
    private static readonly TransactionDay[] s_history = [.. s_generator.Days(0, HistoryDays)];

    [Fact]
    public void The_same_seed_gives_the_same_bytes_on_every_machine() => Assert.Equal(
        "504a5b09694202a7770fcb33770bd085651d8287f38a61cf57d6c385b8420f35", Checksum(s_history.Take(3)));

    [Fact]
    public void Another_seed_gives_another_history() => Assert.NotEqual(
        Checksum(s_history.Take(1)), Checksum(new TransactionGenerator(s_generator.Options with { Seed = 8 }).Days(0, 1)));

    [Fact]
    public void A_day_does_not_depend_on_the_days_that_were_made_before() => Assert.Equal(
        Checksum([s_history[17]]), Checksum([new TransactionGenerator(s_generator.Options).Day(17)]));

    [Fact]
    public void Volume_is_as_published()
    {
        // The published 1,754,155 of 5,000 cards and 183 days are 9,586 a day.
        var perDay = s_history.Average(day => day.Count);
        Assert.InRange(perDay, 9_300, 9_900);
    }

    [Fact]
    public void Once_28_days_have_passed_frauds_have_their_published_shares()
    {
        // Published for 5,000 cards and 10,000 terminals: 0.84 % frauds; 0.06, 0.52 and 0.26 % by scenario.
        var days = s_history.Skip(28).ToArray();
        double Share(Func<FraudScenario, bool> scenario) => days.Sum(day => day.Scenarios.Count(scenario)) / (double)days.Sum(day => day.Count);
        Assert.InRange(Share(scenario => scenario != FraudScenario.None), 0.007, 0.010);
        Assert.InRange(Share(scenario => scenario == FraudScenario.LargeAmount), 0.0004, 0.0008);
        Assert.InRange(Share(scenario => scenario == FraudScenario.CompromisedTerminal), 0.0042, 0.0068);
        Assert.InRange(Share(scenario => scenario == FraudScenario.CompromisedCard), 0.0018, 0.0034);
    }

    [Fact]
    public void The_default_size_keeps_the_share_of_frauds()
    {
        var generator = new TransactionGenerator(new());
        var days = generator.Days(30, 2).ToArray();
        var rows = days.Sum(day => day.Count);
        Assert.InRange(rows, 2 * 37_000, 2 * 41_000);
        Assert.InRange(days.Sum(day => day.Scenarios.Count(scenario => scenario != FraudScenario.None)) / (double)rows, 0.006, 0.011);
    }

    [Fact]
    public void Rows_are_in_order_and_within_their_day()
    {
        foreach (var day in s_history)
        {
            var midnight = s_generator.Options.Start.AddDays(day.Index).ToUnixTimeMilliseconds();
            Assert.True(day.Times.SequenceEqual(day.Times.Order()));
            Assert.InRange(day.Times[0], midnight, midnight + 86_399_999);
            Assert.InRange(day.Times[^1], midnight, midnight + 86_399_999);
        }
    }

    [Fact]
    public void Ids_are_unique_and_ascend()
    {
        var ids = s_history.SelectMany(day => Enumerable.Range(0, day.Count).Select(row => day[row].Id)).ToArray();
        Assert.True(ids.Zip(ids.Skip(1)).All(pair => pair.First < pair.Second));
    }

    [Fact]
    public void A_terminal_lies_within_the_radius_of_the_cards_home()
    {
        foreach (var day in s_history.Take(10))
        {
            for (var row = 0; row < day.Count; row++)
            {
                Assert.True(Distance(day.Cards[row], day.Terminals[row]) < s_generator.Radius);
            }
        }
    }

    [Fact]
    public void A_card_uses_exactly_the_terminals_within_the_radius()
    {
        for (var card = 0; card < 200; card++)
        {
            var near = Enumerable.Range(0, s_generator.Options.Terminals).Where(terminal => Distance(card, terminal) < s_generator.Radius);
            Assert.Equal(near, s_generator.TerminalsOf(card).ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(2_000)]
    public void Every_card_has_a_terminal_however_few_there_are(int terminals)
    {
        var generator = new TransactionGenerator(new() { Cards = 3_000, Terminals = terminals, CompromisedTerminalsPerDay = 1 });
        Assert.All(Enumerable.Range(0, 3_000), card => Assert.True(generator.TerminalsOf(card).Length > 0));
    }

    [Fact]
    public void Amounts_are_whole_cents_and_large_ones_are_fraud()
    {
        foreach (var day in s_history)
        {
            for (var row = 0; row < day.Count; row++)
            {
                Assert.Equal(Math.Round(day.Amounts[row], 2), day.Amounts[row]);
                Assert.True(day.Amounts[row] >= 0);
                Assert.True(day.Amounts[row] <= 220 || day[row].Fraud);
            }
        }
    }

    [Fact]
    public void At_a_compromised_terminal_everything_is_fraud()
    {
        var days = s_history.Skip(28).Take(40).ToArray();
        foreach (var day in days)
        {
            var bad = Rows(day).Where(x => x.Scenario == FraudScenario.CompromisedTerminal).Select(x => x.Terminal).ToHashSet();
            Assert.All(Rows(day).Where(x => bad.Contains(x.Terminal)), x => Assert.True(x.Fraud));
            Assert.InRange(bad.Count, 20, 56);
        }
    }

    [Fact]
    public void A_third_of_a_compromised_cards_transactions_are_fraud()
    {
        var generator = new TransactionGenerator(new() { Cards = 2_000, CompromisedCardsPerDay = 2_000, CompromisedTerminalsPerDay = 0 });
        var day = generator.Day(0);
        var bad = day.Scenarios.Count(scenario => scenario == FraudScenario.CompromisedCard);
        Assert.Equal(1 / 3.0, bad / (double)day.Count, 0.03);
    }

    [Fact]
    public void A_label_is_known_seven_days_later()
    {
        var transaction = s_history[0][5];
        var label = transaction.Label(s_generator.Options.LabelDelay);
        Assert.Equal(transaction.TimeMillis + (7 * 86_400_000L), label.LabelledAtMillis);
        Assert.Equal((transaction.Id, transaction.Card, transaction.Fraud), (label.TransactionId, label.Card, label.Fraud));
    }

    [Fact]
    public void Ids_in_utf8_are_those_in_text()
    {
        var utf8 = new byte[32];
        string Text(int length) => Encoding.UTF8.GetString(utf8, 0, length);
        Assert.Equal(GeneratedIds.Card(19_999), Text(GeneratedIds.WriteCard(19_999, utf8)));
        Assert.Equal(GeneratedIds.User(0), Text(GeneratedIds.WriteUser(0, utf8)));
        Assert.Equal(GeneratedIds.Terminal(10), Text(GeneratedIds.WriteTerminal(10, utf8)));
        Assert.Equal(GeneratedIds.Transaction(123_456_789_012), Text(GeneratedIds.WriteTransaction(123_456_789_012, utf8)));
    }

    [Fact]
    public void Impossible_sizes_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransactionGenerator(new() { Terminals = 5, CompromisedTerminalsPerDay = 6 }));

    private static IEnumerable<GeneratedTransaction> Rows(TransactionDay day) => Enumerable.Range(0, day.Count).Select(row => day[row]);

    private static double Distance(int card, int terminal)
    {
        var (home, place) = (s_generator.Card(card), s_generator.Terminal(terminal));
        return Math.Sqrt(Math.Pow(home.X - place.X, 2) + Math.Pow(home.Y - place.Y, 2));
    }

    private static string Checksum(IEnumerable<TransactionDay> days)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var day in days)
        {
            hash.AppendData(MemoryMarshal.AsBytes(day.Times.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(day.Cards.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(day.Terminals.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(day.Amounts.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(day.Scenarios.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
