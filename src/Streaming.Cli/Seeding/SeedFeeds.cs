using System.Collections.Immutable;
using Streaming.Cli.Feeding;
using Streaming.Offline.Generators;

namespace Streaming.Cli.Seeding;

/// <summary>
/// The topics that a seed writes to. Transactions and their labels are one caller's at a time, clicks another's.
/// </summary>
internal sealed class SeedFeeds
{
    private readonly TopicFeed _transactions;
    private readonly TopicFeed _clicks;
    private readonly TopicFeed _pending;
    private readonly TransactionColumns _transactionColumns = new();
    private readonly ClickColumns _clickColumns = new();
    private readonly LabelColumns _labelColumns = new();
    private readonly TimeSpan _labelDelay;

    private SeedFeeds(TopicFeed transactions, TopicFeed clicks, TopicFeed pending, TimeSpan labelDelay) =>
        (_transactions, _clicks, _pending, _labelDelay) = (transactions, clicks, pending, labelDelay);

    /// <summary>Makes the topics and registers the schemas.</summary>
    public static async Task<SeedFeeds> OpenAsync(EventConnection connection, TimeSpan labelDelay, CancellationToken cancellation) => new(
        await TopicFeed.OpenAsync(connection, FedTopic.Transactions, cancellation),
        await TopicFeed.OpenAsync(connection, FedTopic.Clicks, cancellation),
        await TopicFeed.OpenAsync(connection, FedTopic.LabelsPending, cancellation),
        labelDelay);

    /// <summary>What is durable by now.</summary>
    public SeedProgress Progress(bool isLive, int daysDone, int days) => new(isLive, _transactions.Appended, _clicks.Appended, daysDone, days);

    /// <summary>
    /// Writes transactions, and their labels to where they wait: the labels first, so that an interruption between the two leaves no
    /// transaction without its label.
    /// </summary>
    public async Task TransactionsAsync(ReadOnlyMemory<GeneratedTransaction> transactions, CancellationToken cancellation)
    {
        _labelColumns.Fill(transactions, _labelDelay);
        await _pending.AppendAsync(_labelColumns.Events, ImmutableArray<bool>.Empty, 0, transactions.Length, cancellation);
        _transactionColumns.Fill(transactions.Span);
        await _transactions.AppendAsync(_transactionColumns.Events, _transactionColumns.Given, 0, transactions.Length, cancellation);
    }

    /// <summary>Writes clicks.</summary>
    public Task ClicksAsync(ReadOnlyMemory<GeneratedClick> clicks, CancellationToken cancellation)
    {
        _clickColumns.Fill(clicks.Span);
        return _clicks.AppendAsync(_clickColumns.Events, ImmutableArray<bool>.Empty, 0, clicks.Length, cancellation);
    }

    /// <summary>Waits until transactions and their labels are durable.</summary>
    public async Task FlushTransactionsAsync()
    {
        await _transactions.FlushAsync();
        await _pending.FlushAsync();
    }

    /// <summary>Waits until clicks are durable.</summary>
    public Task FlushClicksAsync() => _clicks.FlushAsync();
}
