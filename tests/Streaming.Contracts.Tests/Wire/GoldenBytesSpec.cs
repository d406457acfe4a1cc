using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;

namespace Streaming.Contracts.Tests.Wire;

/// <summary>Bytes as they lie in logs. They stay for ever: a new version of a schema adds a line, and reads the old ones.</summary>
public sealed class GoldenBytesSpec
{
    private const string TransactionV1 =
        "00" + "00000102" // magic, id 258
        + "046531" + "046337" // event_id e1, card_id c7
        + "00" + "047431" // no user_id, terminal_id t1
        + "0000000000002940" // amount 12.5
        + "06455552" // currency EUR
        + "F4FBE4BE8267" // ts 2026-01-31T12:00:00.250Z
        + "020835343131" // mcc 5411
        + "00" + "00" // no country, no channel
        + "0201"; // fraud

    private static readonly Transaction s_transaction = new()
    {
        EventId = "e1",
        CardId = "c7",
        TerminalId = "t1",
        Amount = 12.5,
        Ts = new EventTime(1_769_860_800_250),
        Mcc = "5411",
        Fraud = true,
    };

    [Fact]
    public void A_transaction_is_written_as_the_page_on_schemas_draws_it()
    {
        var output = new AvroBuffer();
        RecordWriter.Compile<Transaction>(EventSchemas.Transaction).Write(s_transaction, 258, output);
        Assert.Equal(TransactionV1, Convert.ToHexString(output.Written));
    }

    [Fact]
    public void A_transaction_of_the_first_version_is_read()
    {
        var bytes = Convert.FromHexString(TransactionV1);
        var head = WireFormat.Parse(bytes);
        var reader = RecordReader.Compile<Transaction>(EventSchemas.Transaction, EventSchemas.Transaction).Codec!;
        Assert.True(reader.TryRead(bytes.AsSpan(head.PayloadStart), out var read, out _));
        Assert.Equal(s_transaction, read);
    }
}
