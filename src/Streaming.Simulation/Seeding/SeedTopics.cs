using System.Collections.Immutable;
using Streaming.Ingest;
using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Seeding;

/// <summary>
/// The topics that a seed writes to. Transactions and their labels are one caller's at a time, clicks another's.
/// </summary>
internal sealed class SeedTopics
{
    /// <summary>
    /// Labels of simulated transactions that are not known yet, by the transaction's time: brokers refuse records from the future.
    /// </summary>
    public static readonly TopicContract PendingLabels = TopicContract.Labels with
    {
        Name = "labels-pending",
        TimeField = "transaction_ts",
    };

    private const int StepRows = 4_096;
    private readonly TopicWriter _transactions;
    private readonly TopicWriter _clicks;
    private readonly TopicWriter _pending;
    private readonly TransactionColumns _transactionColumns;
    private readonly ClickColumns _clickColumns = new();
    private readonly LabelColumns _labelColumns = new();
    private readonly TimeSpan _labelDelay;

    private SeedTopics(TopicWriter transactions, TopicWriter clicks, TopicWriter pending, TransactionGenerator world)
    {
        (_transactions, _clicks, _pending, _labelDelay) = (transactions, clicks, pending, world.Options.LabelDelay);
        _transactionColumns = new TransactionColumns(world);
    }

    /// <summary>Makes the topics and registers the schemas.</summary>
    public static async Task<SeedTopics> OpenAsync(
        EventConnection connection, TransactionGenerator world, CancellationToken cancellation) =>
        new(
        await TopicWriter.OpenAsync(connection, TopicContract.Transactions, cancellation),
        await TopicWriter.OpenAsync(connection, TopicContract.Clicks, cancellation),
        await TopicWriter.OpenAsync(connection, PendingLabels, cancellation),
        world);

    /// <summary>What is durable by now.</summary>
    public SeedProgress Progress(SeedPhase phase, int daysDone = 0, int days = 0) =>
        new(phase, _transactions.Appended, _clicks.Appended, daysDone, days);

    /// <summary>
    /// Writes transactions to their topic and their labels to labels-pending: the labels first, so that a crash between the two leaves
    /// no transaction without its label. They go in steps that are never cancelled half way: the next start would write the step's
    /// labels again.
    /// </summary>
    public async Task TransactionsAsync(ReadOnlyMemory<GeneratedTransaction> transactions, CancellationToken cancellation)
    {
        for (var first = 0; first < transactions.Length; first += StepRows)
        {
            cancellation.ThrowIfCancellationRequested();
            await StepAsync(transactions.Slice(first, Math.Min(StepRows, transactions.Length - first)));
        }
    }

    private async Task StepAsync(ReadOnlyMemory<GeneratedTransaction> transactions)
    {
        _labelColumns.Fill(transactions.Span, _labelDelay);
        await _pending.AppendAsync(_labelColumns.Events, ImmutableArray<bool>.Empty, 0, transactions.Length, CancellationToken.None);
        _transactionColumns.Fill(transactions.Span);
        await _transactions.AppendAsync(
            _transactionColumns.Events, _transactionColumns.Given, 0, transactions.Length, CancellationToken.None);
    }

    /// <summary>Writes clicks.</summary>
    public async Task ClicksAsync(ReadOnlyMemory<GeneratedClick> clicks, CancellationToken cancellation)
    {
        for (var first = 0; first < clicks.Length; first += StepRows)
        {
            var step = clicks.Slice(first, Math.Min(StepRows, clicks.Length - first));
            _clickColumns.Fill(step.Span);
            await _clicks.AppendAsync(_clickColumns.Events, ImmutableArray<bool>.Empty, 0, step.Length, cancellation);
        }
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
