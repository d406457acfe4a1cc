namespace Streaming.EndToEnd.Tests;

/// <summary>The whole handbook: 1,754,155 transactions of half a year.</summary>
public sealed class HandbookSpec : HandbookKit
{
    protected override string? Input => NodeProcess.FindUp("shared/data/handbook/transactions.parquet");
}
