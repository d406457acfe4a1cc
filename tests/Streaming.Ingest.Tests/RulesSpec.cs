using System.Text;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Sources;
using Streaming.Features.Events;

namespace Streaming.Ingest.Tests;

/// <summary>What is written from columns and what a node takes is one rule: the two agree on random rows, also on their bytes.</summary>
public sealed class RulesSpec
{
    private const long Now = 1_785_000_000_000;

    [Theory]
    [InlineData(EventSchemas.Transactions)]
    [InlineData(EventSchemas.Labels)]
    [InlineData(EventSchemas.Clicks)]
    public void A_row_is_written_where_a_node_takes_it_and_only_there(string topic)
    {
        var (contract, random) = (TopicContract.All.Single(each => each.Name == topic), new Random(topic.Length));
        var rules = EventRules.For(Samples.Catalog(), TimeSpan.FromMinutes(10))[topic];
        var (check, encoder, decoder) = (new RowCheck(contract), new ColumnEncoder(contract.Schema, contract.Source), Decoder(contract));
        var counts = new int[2];
        for (var i = 0; i < 5_000; i++)
        {
            var row = RandomRow(contract, random);
            var isWritten = check.First(row, []) is null;
            counts[isWritten ? 1 : 0]++;
            var refusal = rules.Fault(row, 0, Now);

            // A node leaves alone what nothing reads; what is no Avro at all it never meets.
            Assert.False(isWritten && refusal is not null, refusal);
            Assert.True(isWritten || refusal is not null || IsNoValue(contract, row), "a node takes what ingest refuses");
            if (isWritten)
            {
                AssertSame(row, encoder, decoder, contract);
            }
        }

        Assert.All(counts, count => Assert.True(count > 200, $"{counts[0]} refused, {counts[1]} written"));
    }

    private static void AssertSame(EventBatch row, ColumnEncoder encoder, ColumnDecoder decoder, TopicContract contract)
    {
        var (bytes, back, again) = (new AvroBuffer(), contract.NewBatch(1), new AvroBuffer());
        encoder.Bind(row, []);
        Assert.Equal(-1, encoder.TryWrite(0, bytes));
        Assert.Equal(DecodeStatus.Ok, decoder.TryDecode(bytes.Array, 0, bytes.Length, back, 0, out _));
        encoder.Bind(back, []);
        Assert.Equal(-1, encoder.TryWrite(0, again));
        Assert.Equal(bytes.Written.ToArray(), again.Written.ToArray());
    }

    // Text that is no UTF-8, a null that the schema does not take, a symbol or flag that is none, a number that nothing reads.
    private static bool IsNoValue(TopicContract contract, EventBatch row) => contract.Source.Fields.Select((field, index) => (field, row[index]!)).Any(each => each.Item2 switch
    {
        TextColumn texts => texts.IsNull(0) ? !each.field.Nullable : each.field.Name == "kind" || Encoding.UTF8.GetString(texts[0]).Contains('\uFFFD', StringComparison.Ordinal),
        NumberColumn numbers => double.IsNaN(numbers.Values[0]) ? !each.field.Nullable : each.field.Type == FieldType.Flag || Math.Abs(numbers.Values[0]) > 9_007_199_254_740_992,
        _ => false,
    });

    private static ColumnDecoder Decoder(TopicContract contract) => ColumnDecoder.Compile(contract.Schema, contract.Schema, contract.Source).Codec!;

    private static EventBatch RandomRow(TopicContract contract, Random random)
    {
        var row = contract.NewBatch(1);
        row.Count = 1;
        for (var i = 0; i < contract.Source.Fields.Length; i++)
        {
            var isOdd = random.Next(20) == 0;
            switch (row[i])
            {
                case TextColumn texts:
                    SetText(texts, contract.Source.Fields[i], isOdd, random);
                    break;
                case TimeColumn times:
                    times.Values[0] = isOdd ? Pick(random, TimeColumn.Null, 0, 1_785_000_000, -9_999_999_999, 1_785_000_000_000_000, long.MaxValue) : Now - random.Next(1_000_000_000);
                    break;
                case NumberColumn numbers:
                    numbers.Values[0] = isOdd ? Pick(random, double.NaN, double.PositiveInfinity, 1e17, -1e17, 2) : random.Next(2);
                    break;
            }
        }

        return row;
    }

    private static void SetText(TextColumn texts, SourceField field, bool isOdd, Random random)
    {
        byte[] common = field.Name == "kind" ? [.. "cart"u8] : [.. "id_7"u8];
        texts.Buffer = isOdd ? Pick<byte[]>(random, [], [0xC3, 0x28], Encoding.UTF8.GetBytes(new string('x', 257)), [.. "é"u8], [.. "a\0"u8], [.. "\uFEFFa"u8], [.. "\uFEFE\uFFFD"u8], [.. " "u8], [.. "\u00A0\t"u8], [0xC2]) : common;
        if (isOdd && field.Nullable)
        {
            texts.SetNull(0);
        }
        else
        {
            texts.Set(0, 0, texts.Buffer.Length);
        }
    }

    private static T Pick<T>(Random random, params T[] values) => values[random.Next(values.Length)];
}
