using System.Globalization;
using System.Text;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Benchmarks;

/// <summary>Writes transactions of given cards as records.</summary>
internal sealed class TransactionRecords(int schemaId)
{
    private const int Terminals = 10_000;

    private readonly RecordWriter<Transaction> _writer = RecordWriter.Compile<Transaction>(EventSchemas.Transaction);
    private readonly AvroBuffer _value = new();

    /// <summary>Adds a card's transaction at a time; its number names it and its terminal.</summary>
    public void Add(RecordBatch records, string card, long number, long atMillis)
    {
        _value.Clear();
        _writer.Write(
            new Transaction
            {
                EventId = number.ToString(CultureInfo.InvariantCulture),
                CardId = card,
                TerminalId = string.Create(CultureInfo.InvariantCulture, $"terminal_{number % Terminals}"),
                Amount = 10,
                Currency = "EUR",
                Ts = new EventTime(atMillis),
            },
            schemaId,
            _value);
        records.Add(0, atMillis, Encoding.UTF8.GetBytes(card), _value.Written);
    }
}
