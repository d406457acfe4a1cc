using Streaming.Features.Layout;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Layout;

public class TextTableSpec
{
    private static readonly EntityPlan s_plan = Views.Entity(Views.View("v", 0,
        Views.Feature("last", "last", [Transactions.Mcc], [Views.OneHour]),
        Views.Feature("first", "first", [Transactions.Mcc], []),
        Views.Feature("different", "count_distinct", [Transactions.Mcc], [Views.OneDay])));

    [Fact]
    public void Texts_stay_right_while_unused_ones_are_forgotten()
    {
        var state = new EntityState(s_plan);
        var values = new FeatureValue[3];
        for (var i = 0; i < 2000; i++)
        {
            var time = RandomStream.Start + (i * Views.Hour);
            AggregationFixture.Apply(state, new Transaction(0, i, time, Mcc: $"text {i}"));
            Assert.Equal(ReadOutcome.Done, state.Read(s_plan.AllFeatures, time, null, 0, values));
            Assert.Equal(($"text {i}", "text 0", Math.Min(i + 1, 24)), (values[0].Text, values[1].Text, values[2].Number));
        }

        Assert.True(state.Views[0].Texts!.Count < 400, $"{state.Views[0].Texts!.Count} texts are kept for {state.StoredEvents} events");
    }

    [Fact]
    public void A_text_is_found_by_its_bytes_whatever_its_length()
    {
        var table = new TextTable();
        var texts = new[] { "", "a", "ä", new string('x', 255), new string('x', 256), new string('x', 257), new string('ü', 500) };
        foreach (var text in texts)
        {
            Assert.Equal(TextTable.Unknown, table.Find(System.Text.Encoding.UTF8.GetBytes(text)));
            var code = table.CodeOf(System.Text.Encoding.UTF8.GetBytes(text));
            Assert.Equal(text, table[code]);
            Assert.Equal(code, table.CodeOf(System.Text.Encoding.UTF8.GetBytes(text)));
        }

        Assert.Equal(texts.Length, table.Count);
    }
}
