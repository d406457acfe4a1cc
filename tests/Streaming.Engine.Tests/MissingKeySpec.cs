using Streaming.Contracts.Events;

namespace Streaming.Engine.Tests;

/// <summary>Transactions of which only some name their user: the others are nobody's, and still their cards'.</summary>
public sealed class MissingKeySpec : IDisposable
{
    private const string Text = """
        feature-view users {
          entity = user, source = transactions, key = user_id, time = ts
          features { n { count = "*", over = 30d }, most { max = amount, over = 30d } }
        }
        feature-view cards {
          entity = card, source = transactions, key = card_id, time = ts
          features { n { count = "*", over = 30d } }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_event_without_an_optional_key_does_not_feed_the_entity_and_is_no_dead_letter()
    {
        const int seed = 5;
        var random = new Random(seed);
        List<Transaction> transactions =
        [
            .. Enumerable.Range(0, 400).Select(i => Events.Transaction($"c{random.Next(9)}", Events.Start + i, random.Next(1000)) with
            {
                UserId = random.Next(4) switch { 0 => null, 1 => string.Empty, _ => $"u{random.Next(5)}" },
            }),
        ];
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick, TestFeatures.Of(Text));
        await harness.Events.AppendAsync(transactions);
        harness.Start();
        await harness.CaughtUpAsync();

        foreach (var user in transactions.Where(each => !string.IsNullOrEmpty(each.UserId)).GroupBy(each => each.UserId!))
        {
            var values = (await harness.ReadAsync("user", user.Key, Events.Start + 400))!;
            Assert.Equal((user.Count(), user.Max(each => each.Amount)), (values[0].Number, values[1].Number));
        }

        foreach (var card in transactions.GroupBy(each => each.CardId))
        {
            Assert.Equal(card.Count(), (await harness.ReadAsync("card", card.Key, Events.Start + 400))![0].Number);
        }

        Assert.Null(harness.Find("user", string.Empty));
        Assert.Empty(await harness.DeadLettersAsync());
        Assert.Equal(transactions.Count, harness.Board.All.Sum(partition => partition.Applied));
    }

    [Fact]
    public async Task An_optional_key_that_is_present_must_be_valid()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick, TestFeatures.Of(Text));
        await harness.Events.AppendAsync(Events.Transaction("c", Events.Start) with { UserId = new string('u', 257) });
        harness.Start();
        await harness.CaughtUpAsync();
        Assert.Equal(DeadLetterReason.KeyTooLong, Assert.Single(await harness.DeadLettersAsync()).Reason);
    }
}
